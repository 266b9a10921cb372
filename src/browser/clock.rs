//! What time it is, for the edges that must ask. Never asked by the pure rooms: time is passed to them.

use orrery_protocol::Timestamp;

pub fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now() as i64)
}
