//! The scenarios: what is done to the server, and which figures are measured.

pub mod agents;
pub mod catch_up;
pub mod deliver;
pub mod idle;
pub mod publish;
