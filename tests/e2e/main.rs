//! End-to-end tests: a real Chromium with a real server, whose agents are real HTTP clients. They use the page, the API and the
//! documented hooks.
#![allow(clippy::unwrap_used)]

mod act;
mod agents_work;
mod base_path;
mod optimistic;
mod steady;
mod positions;
mod events;
mod find;
mod runs;
mod tasks;
mod streams;
mod understand;
mod resume;
mod lazy;
mod foreign;
mod looks;
mod screens;
mod sign_in;
mod dom_writes;
mod work;
mod keyboards;
mod keys;
mod access;
mod share;
mod notice;
mod touch;
mod pointing;
mod drawn;
mod legible;
mod help;
mod intake;
mod page;
