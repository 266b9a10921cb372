//! What runs and ran, of workflows and of tasks: the list, one of them as a graph and a timeline, and what can be done about it.
//! Never folds an event, never lays out a graph (`geometry`).
//!
//! Each page here is one closure over plain values, with one listener at its root: whatever changes, it is written again
//! in place. That is small to load, and quick enough for what a person reads.

mod ledger;
mod looks;
mod attempts;
mod pressed;
mod list;
mod tab;
mod all;
mod offered;
mod workflows;
mod tasks;
mod watched;
mod view;
mod questions;
mod graph;
mod timeline;
mod step;
mod sheet;

pub use all::runs_list;
pub use ledger::Ledger;
pub use sheet::{RunsButton, RunsSheet};
pub use tab::runs_tab;
pub use tasks::Tasks;
pub use view::run_view;
