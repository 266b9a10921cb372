//! Tests of clients that try to take the server from others.
#![allow(clippy::unwrap_used)]

mod others;
mod slow_heads;
mod never_read;
