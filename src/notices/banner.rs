//! Over a canvas that is not live: as of when it was true, and a try now. Never hides it.

use leptos::prelude::*;

use crate::live::Live;
use crate::socket::{Connection, StopReason};
use crate::ui::moment::clock;
use crate::ui::written::Part;

/// Only over a canvas that shows something; before that `empty` speaks.
pub(super) fn banner(live: Live) -> Option<Part> {
    let connection = live.connection.get();
    if !live.loaded.get() || connection == Connection::Live {
        return None;
    }
    let (why, detail, press) = match &connection {
        Connection::Stopped { reason: StopReason::Unauthorized } => ("The sign-in is over", None, "sign-in"),
        Connection::Stopped { reason: StopReason::OverLimit(words) } => {
            ("The server ended the connection", Some(words.clone()), "try")
        }
        Connection::Stopped { reason: StopReason::Saved } => ("A saved state, only to be read", None, "live"),
        _ => ("Not live", None, "try"),
    };
    let as_of = live.as_of.get().map(|at| format!("as of {}", clock(at.millis(), live.now.get().millis())));
    let words = Part::new("span", "connection-words").parts(vec![
        Some(Part::new("span", "").words(why)),
        detail.map(|words| Part::new("span", "").words(words)),
        Some(Part::new("span", "connection-asof").words(as_of.unwrap_or_default())),
    ]);
    let button =
        Part::new("button", "button").with("type", "button").with("data-size", "small").with("data-press", press);
    let button = button.words(match press {
        "try" => "Try now",
        "live" => "Back to live",
        _ => "Sign in",
    });
    let mark = Part::new("i", "mark").with("data-mark", "cut");
    let whole = Part::new("div", "connection-banner").with("data-connection", connection.word());
    Some(whole.parts(vec![Some(mark), Some(words), Some(button)]))
}
