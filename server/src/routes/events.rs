//! `/events` and `/events/{id}`: the log as it was written, in pages (see section 9.9 of docs/protocol.md). Never the live events.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use orrery_protocol::{Cursor, Seq};
use serde::Deserialize;

use super::body::{Id, Query};
use super::workspaces::{EVENT_CURSOR, cursor, missing};
use crate::app::{App, Shared};
use crate::auth::Caller;
use crate::error::Refusal;
use crate::publish::Published;

/// Where the next page begins: pass it as `since`. Left out on the last page.
const NEXT_CURSOR: HeaderName = HeaderName::from_static("x-next-cursor");

const PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 1000;

#[derive(Debug, Deserialize)]
pub struct Asked {
    /// After this cursor (or seq) …
    since: Option<String>,
    /// … and up to this one.
    until: Option<String>,
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
    Ok(page(&app, &events, more))
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
    Ok(page(&app, &events, more))
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

/// The very frames that subscribers got.
fn page(app: &App, events: &[Arc<Published>], more: bool) -> Response {
    let frames: Vec<&str> = events.iter().map(|event| event.text()).collect();
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut say = |name, seq| HeaderValue::try_from(cursor(app, seq)).map(|value| headers.insert(name, value)).is_ok();
    say(EVENT_CURSOR, app.hub.read(orrery_model::Canvas::seq));
    if let Some(last) = events.last().filter(|_| more) {
        say(NEXT_CURSOR, last.seq);
    }
    (headers, format!("[{}]", frames.join(","))).into_response()
}
