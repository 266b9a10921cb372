//! The wall clock. Pure code does not read it: the time is passed in.

use orrery_protocol::Timestamp;

/// Returns the current time by the browser's clock.
pub fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now() as i64)
}
