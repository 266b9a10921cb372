//! Many at once: choosing them, and doing one thing to each with a result for each. Never what a single deed asks for (`actions`).

pub mod choose;
mod job;
mod bar;
mod keys;

pub use bar::{BulkBar, Chosen};
pub use job::{Bulk, BulkCommand};
pub use keys::BulkKeys;
