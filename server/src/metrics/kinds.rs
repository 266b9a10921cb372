//! Numbers that many tasks change at once. Never what they mean.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

/// Goes up and down.
#[derive(Debug, Default)]
pub struct Level(AtomicU64);

/// How often sockets ended by which code, and who said it.
#[derive(Debug, Default)]
pub struct Ends(Mutex<BTreeMap<(Side, u16), u64>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Server,
    Client,
}

/// How long something took.
#[derive(Debug, Default)]
pub struct Histogram {
    buckets: [AtomicU64; BOUNDS.len()],
    count: AtomicU64,
    micros: AtomicU64,
}

/// The upper bounds of the buckets, in microseconds.
pub const BOUNDS: [u64; 12] =
    [250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000];

/// What clients may say is told by name; anything else they make up is 0.
const CLIENTS_SAY: [u16; 4] = [1000, 1001, 1005, 1006];

impl Counter {
    pub const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Level {
    pub fn set(&self, value: u64) {
        self.0.store(value, Relaxed);
    }

    pub fn up(&self) {
        self.0.fetch_add(1, Relaxed);
    }

    pub fn down(&self) {
        self.0.fetch_sub(1, Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Ends {
    pub fn add(&self, by: Side, code: u16) {
        let code = if by == Side::Client && !CLIENTS_SAY.contains(&code) { 0 } else { code };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry((by, code)).or_default() += 1;
    }

    pub fn get(&self) -> Vec<(Side, u16, u64)> {
        let ends = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ends.iter().map(|(&(by, code), &count)| (by, code, count)).collect()
    }
}

impl Side {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
        }
    }
}

impl Histogram {
    pub fn observe(&self, took: Duration) {
        let micros = took.as_micros() as u64;
        if let Some(at) = BOUNDS.iter().position(|bound| micros <= *bound) {
            self.buckets[at].fetch_add(1, Relaxed);
        }
        self.micros.fetch_add(micros, Relaxed);
        self.count.fetch_add(1, Relaxed);
    }

    /// How many lay in each bucket, how many there were, and the sum in microseconds.
    pub fn get(&self) -> ([u64; BOUNDS.len()], u64, u64) {
        let count = self.count.load(Relaxed);
        (std::array::from_fn(|at| self.buckets[at].load(Relaxed)), count, self.micros.load(Relaxed))
    }
}
