//! Where time and new ids come from: the only place that asks. Never a timer.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use orrery_protocol::Timestamp;
use uuid::Uuid;

/// The time of day, in milliseconds since 1970.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Below this many milliseconds a difference between the clocks is no step: they run a little unevenly.
const SMALLEST_STEP: i64 = 100;

/// Compares the wall clock with the monotonic one, to notice that it was set.
pub struct WallClock {
    wall: Timestamp,
    at: Instant,
}

impl WallClock {
    pub fn start() -> Self {
        Self { wall: now(), at: Instant::now() }
    }

    /// Returns by how many milliseconds the wall clock was set forward (or back, below 0) since the last call.
    pub fn take_step(&mut self) -> i64 {
        let passed = i64::try_from(self.at.elapsed().as_millis()).unwrap_or(i64::MAX);
        let step = now().millis().saturating_sub(self.wall.plus_millis(passed).millis());
        if step.abs() < SMALLEST_STEP {
            return 0;
        }
        *self = Self::start();
        step
    }
}

/// A new UUIDv7: any of the protocol's ids can be read from it.
pub fn mint<Id: std::str::FromStr<Err = orrery_protocol::id::InvalidId>>() -> Id {
    Uuid::now_v7().to_string().parse().expect("a UUID is an id")
}

pub fn mint_text() -> String {
    Uuid::now_v7().to_string()
}
