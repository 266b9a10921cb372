//! The server from outside: a real one on a free port, called over HTTP and WebSocket. Never its insides.
#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod support;
#[path = "engines/sqlite.rs"]
mod engine;
mod sockets;
mod snapshot;
mod page;
mod workspaces;
mod positions;
mod registry;
mod records;
mod bad_input;
mod input;
mod intake;
mod access;
mod impersonation;
mod hosts;
mod fuzz;
mod backup;
mod retention;
mod flood;
mod quotas;
mod repeat;
mod metrics;
mod limits;
mod limits_table;
mod credentials;
mod beside;
mod timers;
mod processes;
mod door;
mod by_hand;
mod binary;
mod crash;
mod runner;
mod clock;
mod examples;
mod folder;
mod failing_disk;
mod supervision;
