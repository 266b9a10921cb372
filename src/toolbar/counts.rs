//! How many workspaces stand in each status; a press looks for one of them alone. Never counts by itself.

use leptos::prelude::*;
use orrery_model::Counts;
use orrery_protocol::Status;

use crate::session::Session;
use crate::store::StoreSignals;
use crate::ui::written::Part;

/// What needs a person comes first.
const ORDER: [Status; 5] = [Status::Failed, Status::Degraded, Status::Offline, Status::Provisioning, Status::Online];

pub(super) fn counts(signals: StoreSignals, session: Session) -> Part {
    let (counts, filter) = (signals.counts.get(), session.filter.with(|filter| filter.status.clone()));
    // Before the first state none is not nought.
    let is_known = signals.loaded.get();
    let buttons = ORDER.iter().map(|status| {
        let number = is_known.then(|| of(&counts, status));
        Some(count(status, number, filter.as_ref() == Some(status)))
    });
    let group = Part::new("div", "counts").with("role", "group").with("aria-label", "Workspaces by status");
    group.parts(buttons.collect())
}

/// Another press on the same one shows all again.
pub(super) fn press(session: Session, word: &str) {
    let pressed = ORDER.into_iter().find(|status| status.as_str() == word);
    let is_on = session.filter.with_untracked(|filter| filter.status == pressed);
    session.filter.update(|filter| filter.status = pressed.filter(|_| !is_on));
}

fn count(status: &Status, number: Option<usize>, is_on: bool) -> Part {
    let word = status.to_string();
    let shown = number.map_or_else(|| "–".to_owned(), |number| number.to_string());
    let button = Part::new("button", "count").with("type", "button").with("data-status", word.clone());
    let button = button.flag("data-none", number.unwrap_or(0) == 0);
    let button = button.with("aria-pressed", if is_on { "true" } else { "false" });
    let button = button.with("aria-label", format!("{shown} {word}"));
    button.with("title", "Show only these; press again for all").parts(vec![
        Some(Part::new("i", "mark").with("data-status", word.clone())),
        Some(Part::new("span", "count-number").words(shown)),
        Some(Part::new("span", "count-word").words(word)),
    ])
}

fn of(counts: &Counts, status: &Status) -> usize {
    match status {
        Status::Provisioning => counts.provisioning,
        Status::Online => counts.online,
        Status::Degraded => counts.degraded,
        Status::Offline => counts.offline,
        Status::Failed => counts.failed,
        Status::Removed => 0,
        Status::Other(_) => counts.other,
    }
}
