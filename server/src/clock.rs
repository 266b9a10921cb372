//! Where time and new ids come from: the only place that asks. Never a timer.

use std::time::{SystemTime, UNIX_EPOCH};

use orrery_protocol::Timestamp;
use uuid::Uuid;

/// The time of day, in milliseconds since 1970.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A new UUIDv7: any of the protocol's ids can be read from it.
pub fn mint<Id: std::str::FromStr<Err = orrery_protocol::id::BadId>>() -> Id {
    Uuid::now_v7().to_string().parse().expect("a UUID is an id")
}

pub fn mint_text() -> String {
    Uuid::now_v7().to_string()
}
