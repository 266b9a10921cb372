//! One file a scenario: what is done to the server and which figures come of it.

pub mod deliver;
pub mod idle;
pub mod agents;
pub mod publish;
pub mod catch_up;
