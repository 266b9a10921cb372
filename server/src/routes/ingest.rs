//! `POST /api/events`: run events of other systems, one or many (wire §7). Never a way around the door.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use orrery_protocol::{Cursor, Event, Seq};
use serde_json::{Value, json};

use super::body::unread;
use super::repeatable;
use crate::app::{App, Shared};
use crate::auth::Caller;
use crate::clock;
use crate::error::Refusal;
use crate::ingest::{Line, read};
use crate::log::{RunnerWrite, Write};
use crate::publish::{Decision, Door};

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
    let own = if let Caller::Agent(own) = &caller { Some(own) } else { None };
    let door = match caller.workspace() {
        Some(own) => app.door.for_workspace(&caller, &own),
        None => app.door.for_operator(),
    };
    let now = clock::now();
    let lines: Vec<Result<Line, String>> = match many {
        true => {
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            let key = |at: usize| key.map(|key| format!("key:{key}:{at}"));
            lines.map(|(at, line)| read(line, key(at), own, now)).collect()
        }
        false => vec![read(text, key.map(|key| format!("key:{key}")), own, now)],
    };
    let lines = told_by_others(&app, lines).await?;
    if !many {
        let line = lines.into_iter().next().expect("one text is one line").map_err(Refusal::BadRequest)?;
        let seqs = take(&door, vec![line]).await?;
        return Ok(Json(json!({ "cursor": cursor(&app, seqs[0]) })).into_response());
    }
    let (mut taken, mut answers) = (Vec::new(), Vec::new());
    for line in lines {
        match line {
            Ok(line) => {
                taken.push(line);
                answers.push(None);
            }
            Err(error) => answers.push(Some(json!({ "error": error }))),
        }
    }
    let status = match (taken.is_empty(), answers.iter().any(Option::is_some)) {
        (true, true) => StatusCode::BAD_REQUEST,
        (false, true) => StatusCode::MULTI_STATUS,
        (_, false) => StatusCode::OK,
    };
    let mut seqs = take(&door, taken).await?.into_iter();
    let mut place = || seqs.next().map(|seq| json!({ "cursor": cursor(&app, seq) })).unwrap_or_default();
    let answers: Vec<Value> = answers.into_iter().map(|error| error.unwrap_or_else(&mut place)).collect();
    Ok((status, Json(answers)).into_response())
}

async fn told_by_others(app: &App, lines: Vec<Result<Line, String>>) -> Result<Vec<Result<Line, String>>, Refusal> {
    let told = lines.iter().flatten().filter_map(Line::tells_of);
    let mut told: Vec<String> = told.map(str::to_owned).collect();
    told.sort_unstable();
    told.dedup();
    let own = if told.is_empty() { Default::default() } else { app.log.runs_of_ours(&told).await? };
    let check = |line: Line| line.check_teller(&own).map(|()| line);
    Ok(lines.into_iter().map(|line| line.and_then(check)).collect())
}

/// Publishes those that are new, all together. Answers with the places of all.
async fn take(door: &Door, lines: Vec<Line>) -> Result<Vec<Seq>, Refusal> {
    let keys = lines.iter().filter_map(|line| line.key.clone()).collect();
    let taken = door.publish_knowing(keys, move |state| {
        let (mut events, mut writes, mut seqs) = (Vec::new(), Vec::new(), Vec::new());
        let mut now = HashMap::new();
        for Line { event, key } in lines {
            let known = key.as_ref().and_then(|key| {
                let known = state.taken_in.get(key).map(|known| known.seq);
                known.or_else(|| now.get(key).copied())
            });
            if let Some(seq) = known {
                seqs.push(seq);
                continue;
            }
            events.push(Event::Run(event));
            let seq = state.seq() + events.len() as Seq;
            seqs.push(seq);
            if let Some(key) = key {
                now.insert(key.clone(), seq);
                writes.push(Write::Runner(RunnerWrite::Ingested { key, seq, outcome: None, at: state.now }));
            }
        }
        Ok(Decision { events, writes, answer: seqs })
    });
    taken.await
}

fn cursor(app: &App, seq: Seq) -> Cursor {
    Cursor { epoch: app.hub.epoch().clone(), seq }
}
