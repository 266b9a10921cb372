//! Tests of several servers on one log. Those with many faults at once are in `faults`.
#![allow(clippy::unwrap_used)]

mod cards;
mod away;
mod crowd;
mod executions;
mod ingest;
mod positions;
mod processes;
mod restored;
mod tokens;
