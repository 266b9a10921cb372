//! Executes workflows and tasks. The rules are pure (`condition`, `definition`, `execution`); the edge around them runs
//! the steps and publishes. Never appends to the log itself: only the door does.

pub mod variables;
pub mod condition;
pub mod definition;
pub mod execution;
