//! `POST /api/events`: run events of other systems, one or many (see section 12.14 of docs/protocol.md). Never a way around the door.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use orrery_protocol::{Cursor, Event, Seq, WorkspaceId};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::body::unread;
use super::media_type::{MediaType, media_type};
use super::repeatable;
use crate::app::{App, Shared};
use crate::auth::Caller;
use crate::clock;
use crate::decide::claims::{Claims, named_by};
use crate::error::{ECHO, Refusal, shortened};
use crate::ingest::{Line, read};
use crate::json;
use crate::log::{RunnerWrite, Write};
use crate::publish::{Decision, Door, Lookups, Once};

pub async fn post(
    State(app): State<Shared>,
    caller: Caller,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Response, Refusal> {
    let body = body.map_err(unread)?;
    let media_type = media_type(&headers)?;
    let text = std::str::from_utf8(&body).map_err(|_| Refusal::BadRequest("the body is not UTF-8 text".into()))?;
    let key = repeatable::key(&headers)?;
    let own = caller.agent().cloned();
    let door = match caller.workspace() {
        Some(own) => app.door.for_workspace(&caller, &own),
        None => app.door.for_operator(),
    };
    let now = clock::now();
    let read = |text: &str, key| read(text, key, own.as_ref(), now).map_err(Refusal::BadRequest);
    let key_at = |at: usize| key.map(|key| format!("key:{key}:{at}"));
    let (lines, many): (Vec<Result<Line, Refusal>>, bool) = match media_type {
        MediaType::Ndjson => {
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            (lines.map(|(at, line)| read(line, key_at(at))).collect(), true)
        }
        MediaType::Json if text.trim_start().starts_with('[') => {
            let items: Vec<Box<RawValue>> = json::parse_list(&body)?;
            (items.iter().enumerate().map(|(at, item)| read(item.get(), key_at(at))).collect(), true)
        }
        MediaType::Json => (vec![read(text, key.map(|key| format!("key:{key}")))], false),
    };
    let once = key.map_or_else(Once::never, |key| {
        let scope = own.as_ref().map(|own| format!("{own}/")).unwrap_or_default();
        Once::new(format!("{scope}request:{key}"), repeatable::digest("POST /api/events\n", &body))
    });
    let lines = if own.is_none() { told_by_others(&app, lines).await? } else { lines };
    let mut taken = take(&door, lines, own, once).await?;
    if !many {
        let seq = taken.pop().expect("one text is one line")?;
        return Ok(Json(json!({ "cursor": cursor(&app, seq) })).into_response());
    }
    let status = status(&taken);
    let answer = |taken: Result<Seq, Refusal>| match taken {
        Ok(seq) => json!({ "cursor": cursor(&app, seq) }),
        Err(refusal) => json!({ "error": shortened(&refusal.to_string(), ECHO) }),
    };
    let answers: Vec<Value> = taken.into_iter().map(answer).collect();
    Ok((status, Json(answers)).into_response())
}

fn status(taken: &[Result<Seq, Refusal>]) -> StatusCode {
    let refused = || taken.iter().filter_map(|line| line.as_ref().err());
    match (taken.iter().any(Result::is_ok), refused().next().is_some()) {
        (true, true) => StatusCode::MULTI_STATUS,
        (false, true) if refused().all(|refusal| matches!(refusal, Refusal::Forbidden(_))) => StatusCode::FORBIDDEN,
        (false, true) => StatusCode::BAD_REQUEST,
        (_, false) => StatusCode::OK,
    }
}

/// Refuses what this server tells itself. Of agents, which name only what they began, that is asked in `Claims`.
async fn told_by_others(app: &App, lines: Vec<Result<Line, Refusal>>) -> Result<Vec<Result<Line, Refusal>>, Refusal> {
    let told = lines.iter().flatten().filter_map(Line::tells_of);
    let mut told: Vec<String> = told.map(str::to_owned).collect();
    told.sort_unstable();
    told.dedup();
    let own = if told.is_empty() { Default::default() } else { app.log.runs_of_ours(&told).await? };
    let check = |line: Line| line.check_teller(&own).map(|()| line).map_err(Refusal::BadRequest);
    Ok(lines.into_iter().map(|line| line.and_then(check)).collect())
}

/// Publishes those that are new and the sender's to tell, all together. Answers with the places of all.
async fn take(
    door: &Door,
    lines: Vec<Result<Line, Refusal>>,
    own: Option<WorkspaceId>,
    once: Once,
) -> Result<Vec<Result<Seq, Refusal>>, Refusal> {
    let readable = || lines.iter().flatten();
    let keys = readable().filter_map(|line| line.key.clone()).chain(once.keys()).collect();
    let claims = readable().flat_map(|line| named_by(&line.event)).collect();
    let lookups = Lookups { keys, claims, ..Lookups::default() };
    let taken = door.publish_with(lookups, move |state| {
        // Answered by the places of the events: only another request with the same key is refused here.
        let is_repeated = match once.check(state) {
            Err(Refusal::Repeated(_)) => true,
            checked => checked.map(|()| false)?,
        };
        let (mut events, mut writes, mut answer) = (Vec::new(), Vec::new(), Vec::new());
        let mut claims = Claims::new(state, own.as_ref());
        let mut now = HashMap::new();
        for line in lines {
            let Line { event, key } = match line {
                Ok(line) => line,
                Err(refusal) => {
                    answer.push(Err(refusal));
                    continue;
                }
            };
            let known = key.as_ref().and_then(|key| {
                let known = state.taken_in.get(key).map(|known| known.seq);
                known.or_else(|| now.get(key).copied())
            });
            if let Some(seq) = known {
                answer.push(Ok(seq));
                continue;
            }
            if let Err(words) = claims.claim(&event) {
                answer.push(Err(Refusal::Forbidden(words)));
                continue;
            }
            events.push(Event::Run(event));
            let seq = state.seq() + events.len() as Seq;
            answer.push(Ok(seq));
            if let Some(key) = key {
                now.insert(key.clone(), seq);
                writes.push(Write::Runner(RunnerWrite::Ingested { key, seq, outcome: None, at: state.now }));
            }
        }
        writes.extend(claims.into_write());
        if !is_repeated && answer.iter().any(Result::is_ok) {
            writes.extend(once.write(state.seq() + events.len() as Seq, 200, Value::Null));
        }
        Ok(Decision { events, writes, answer })
    });
    taken.await
}

fn cursor(app: &App, seq: Seq) -> Cursor {
    Cursor { epoch: app.hub.epoch().clone(), seq }
}
