//! `/events` and `/events/{id}`: the log as it was written, in pages (see section 9.9 of docs/protocol.md). Never the live events.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use orrery_protocol::{Cursor, Event, Seq};
use serde::Deserialize;
use serde_json::json;

use super::body::{Id, Query};
use super::workspaces::{EVENT_CURSOR, cursor, missing};
use crate::app::{App, Shared};
use crate::auth::Caller;
use crate::error::Refusal;
use crate::lenient;
use crate::publish::Published;

/// Where the next page begins: pass it as `since`. Left out on the last page.
const NEXT_CURSOR: HeaderName = HeaderName::from_static("x-next-cursor");

const PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 1000;

#[derive(Debug, Deserialize)]
pub struct Asked {
    /// After this cursor (or seq) …
    #[serde(default, deserialize_with = "lenient::parsed")]
    since: Option<String>,
    /// … and up to this one.
    #[serde(default, deserialize_with = "lenient::parsed")]
    until: Option<String>,
    #[serde(default, deserialize_with = "lenient::parsed")]
    limit: Option<u32>,
}

/// Oldest first, from `since`.
pub async fn all(State(app): State<Shared>, caller: Caller, Query(asked): Query<Asked>) -> Result<Response, Refusal> {
    caller.must_operate()?;
    let (after, until) = range(&app, &asked)?;
    let limit = limit(&asked);
    let events = app.log.read(after.unwrap_or(0), limit).await?;
    let events: Vec<_> = events.into_iter().filter(|event| event.seq <= until).collect();
    let more = events.len() == limit as usize && events.last().is_some_and(|last| last.seq < until);
    let frames = events.iter().map(|event| event.text().to_owned()).collect();
    Ok(page(&app, frames, more.then(|| events.last()).flatten().map(|last| last.seq)))
}

/// Of one workspace, oldest first: the last ones, or those after `since`.
pub async fn of_workspace(
    State(app): State<Shared>,
    caller: Caller,
    Id(id): Id,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    caller.must_own(&id)?;
    let (after, until) = range(&app, &asked)?;
    let limit = limit(&asked);
    let events = app.log.of_workspace(&id, after, until, limit).await?;
    if events.is_empty() && app.hub.read(|canvas| canvas.find(&id).is_none()) {
        match missing(&app, &id).await {
            // What happened to it is still known.
            Refusal::Removed(_) => {}
            refusal => return Err(refusal),
        }
    }
    let more = after.is_some() && events.len() == limit as usize;
    let frames = events.iter().map(|event| with_columns(event)).collect();
    Ok(page(&app, frames, more.then(|| events.last()).flatten().map(|last| last.seq)))
}

/// A place in this log: a cursor, or its number alone.
pub(super) fn place(app: &App, field: &str, text: &str) -> Result<Seq, Refusal> {
    if let Ok(seq) = text.parse::<u32>() {
        return Ok(seq.into());
    }
    let cursor: Cursor = text.parse().map_err(|error| Refusal::BadRequest(format!("{field}: {error}")))?;
    if cursor.epoch != *app.hub.epoch() {
        return Err(Refusal::Conflict(format!("{field}: the cursor is of another log ({})", cursor.epoch)));
    }
    // SQL counts with signed numbers.
    Ok(cursor.seq.min(Seq::MAX >> 1))
}

fn range(app: &App, asked: &Asked) -> Result<(Option<Seq>, Seq), Refusal> {
    let since = asked.since.as_deref().map(|text| place(app, "since", text)).transpose()?;
    let until = asked.until.as_deref().map(|text| place(app, "until", text)).transpose()?;
    Ok((since, until.unwrap_or(Seq::MAX >> 1)))
}

fn limit(asked: &Asked) -> u32 {
    asked.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE)
}

/// Returns an event of a workspace with the names that it has as a row: `id`, `event_type` and `created_at`.
fn with_columns(event: &Published) -> String {
    let text = event.text();
    let Some(object) = text.strip_suffix('}') else { return text.to_owned() };
    let (kind, time) = match &event.event {
        Event::Workspace(event) => (Some(event.change.kind()), event.timestamp),
        Event::Run(event) => (None, event.timestamp),
        Event::Unknown(_) => return text.to_owned(),
    };
    let kind = kind.map(|kind| format!(",\"event_type\":{}", json!(kind.as_str()))).unwrap_or_default();
    format!("{object},\"id\":{}{kind},\"created_at\":{}}}", event.seq, json!(time))
}

/// The very frames that subscribers got.
fn page(app: &App, frames: Vec<String>, next: Option<Seq>) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut say = |name, seq| HeaderValue::try_from(cursor(app, seq)).map(|value| headers.insert(name, value)).is_ok();
    say(EVENT_CURSOR, app.hub.read(orrery_model::Canvas::seq));
    if let Some(last) = next {
        say(NEXT_CURSOR, last);
    }
    (headers, format!("[{}]", frames.join(","))).into_response()
}
