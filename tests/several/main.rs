//! Several servers on one log, each by what it owes to the others. Never all troubles at once: those are in `faults`.
#![allow(clippy::unwrap_used)]

mod cards;
mod away;
mod crowd;
mod executions;
mod ingest;
mod processes;
mod restored;
mod tokens;
