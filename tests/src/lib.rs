//! What the tests of the whole share: real processes and real clients, each ended when its value is dropped. Never a test.
#![allow(clippy::unwrap_used)]

pub mod agent;
pub mod axe;
pub mod browser;
pub mod chromedriver;
pub mod disk;
pub mod examples;
pub mod foreign;
pub mod http;
pub mod ports;
pub mod postgres;
pub mod program;
pub mod proxy;
pub mod redis;
pub mod server;
pub mod several;
pub mod socket;
pub mod wait;
