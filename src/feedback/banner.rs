//! Over a canvas that is not live: as of when it was true, and a try now. Never hides it.

use leptos::prelude::*;

use crate::store::StoreSignals;
use crate::ui::moment::clock;
use crate::ui::written::Part;
use orrery_client::{ConnectionStatus, StopReason};

/// Only over a canvas that shows something; before that `empty` speaks.
pub(super) fn banner(signals: StoreSignals) -> Option<Part> {
    let connection = signals.connection.get();
    if !signals.loaded.get() || connection == ConnectionStatus::Live {
        return None;
    }
    let (why, detail, press) = match &connection {
        ConnectionStatus::Stopped { reason: StopReason::Unauthorized } => ("The sign-in is over", None, "sign-in"),
        ConnectionStatus::Stopped { reason: StopReason::OverLimit(words) } => {
            ("The server ended the connection", Some(words.clone()), "try")
        }
        ConnectionStatus::Stopped { reason: StopReason::Saved } => ("A saved state, only to be read", None, "live"),
        _ => ("Not live", None, "try"),
    };
    let as_of = signals.as_of.get().map(|at| format!("as of {}", clock(at.millis(), signals.now.get().millis())));
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
