//! The contract once more, with PostgreSQL as the log: the same tests as in `main.rs`, word for word,
//! but for those that look into a folder or never at the log.
#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod support;
#[path = "engines/postgres.rs"]
mod engine;
mod sockets;
mod snapshot;
mod workspaces;
mod positions;
mod registry;
mod records;
mod bad_input;
mod input;
mod intake;
mod access;
mod impersonation;
mod timers;
mod processes;
mod door;
#[allow(dead_code)]
mod binary;
mod crash;
mod runner;
mod clock;
mod credentials;
mod beside;
mod dump;
mod elsewhere;
mod retention;
mod supervision;
mod outage;
mod flood;
mod quotas;
mod repeat;
