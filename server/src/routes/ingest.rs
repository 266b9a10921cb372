//! `POST /api/events`: run events of other systems, one or many (see section 12.14 of docs/protocol.md). Never a way around the door.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use orrery_protocol::{Cursor, Event, Seq, WorkspaceId};
use serde_json::{Value, json};

use super::body::unread;
use super::repeatable;
use crate::app::{App, Shared};
use crate::auth::Caller;
use crate::clock;
use crate::decide::claims::{Claims, named_by};
use crate::error::{ECHO, Refusal, shortened};
use crate::ingest::{Line, read};
use crate::log::{RunnerWrite, Write};
use crate::publish::{Decision, Door, Lookups};

pub async fn post(
    State(app): State<Shared>,
    caller: Caller,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Response, Refusal> {
    let body = body.map_err(unread)?;
    let text = std::str::from_utf8(&body).map_err(|_| Refusal::BadRequest("the body is not UTF-8 text".into()))?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let many = kind.starts_with("application/x-ndjson") || kind.starts_with("application/jsonl");
    let key = repeatable::key(&headers)?;
    let own = caller.agent().cloned();
    let door = match caller.workspace() {
        Some(own) => app.door.for_workspace(&caller, &own),
        None => app.door.for_operator(),
    };
    let now = clock::now();
    let read = |text: &str, key| read(text, key, own.as_ref(), now).map_err(Refusal::BadRequest);
    let lines: Vec<Result<Line, Refusal>> = match many {
        true => {
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            let key = |at: usize| key.map(|key| format!("key:{key}:{at}"));
            lines.map(|(at, line)| read(line, key(at))).collect()
        }
        false => vec![read(text, key.map(|key| format!("key:{key}")))],
    };
    let lines = if own.is_none() { told_by_others(&app, lines).await? } else { lines };
    let mut taken = take(&door, lines, own).await?;
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
) -> Result<Vec<Result<Seq, Refusal>>, Refusal> {
    let readable = || lines.iter().flatten();
    let keys = readable().filter_map(|line| line.key.clone()).collect();
    let claims = readable().flat_map(|line| named_by(&line.event)).collect();
    let lookups = Lookups { keys, claims, ..Lookups::default() };
    let taken = door.publish_with(lookups, move |state| {
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
        Ok(Decision { events, writes, answer })
    });
    taken.await
}

fn cursor(app: &App, seq: Seq) -> Cursor {
    Cursor { epoch: app.hub.epoch().clone(), seq }
}
