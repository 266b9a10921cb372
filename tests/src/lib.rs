//! Processes and clients that the tests share, each of which ends when its value is dropped.
#![allow(clippy::unwrap_used)]

pub mod a2a_agent;
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
pub mod server_group;
pub mod socket;
pub mod wait;
