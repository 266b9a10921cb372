//! What the page asks for, and what the measuring asks for: `/feed`. Never an event's content.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use orrery_protocol::record::Viewport;
use orrery_protocol::{Cursor, Epoch, Workspace, WorkspaceId};
use orrery_server::routes::snapshot::{answer, format, wanted};
use orrery_server::snapshot::{Forms, begin};
use serde_json::{Value, json};

use crate::socket;
use crate::stream::{EPOCH, Stream};

pub fn router(stream: Arc<Stream>, dist: PathBuf) -> Router {
    let dist: Arc<Path> = dist.into();
    Router::new()
        .route("/ws", get(socket::open))
        .route("/workspaces", get(workspaces))
        .route("/snapshot", get(snapshot))
        .route("/canvas/viewport", get(async || Json(json!({"x": 0, "y": 0, "zoom": 1}))))
        .route("/feed", get(state).post(feed))
        .route("/feed/drop", post(drop_sockets))
        .fallback(move |uri: Uri| file(dist.clone(), uri))
        .with_state(stream)
}

async fn workspaces(State(stream): State<Arc<Stream>>) -> Response {
    let said = stream.lock();
    let rows: Vec<&Workspace> = said.fleet.canvas.iter().map(|(_, row)| row).collect();
    let cursor = Cursor { epoch: Epoch::new(EPOCH), seq: said.head() };
    ([("x-event-cursor", cursor.to_string())], Json(rows)).into_response()
}

/// As the server sends it.
async fn snapshot(State(stream): State<Arc<Stream>>, headers: HeaderMap) -> Response {
    let still = stream.lock().fleet.canvas.snapshot();
    let form = wanted(&headers);
    let viewport = Viewport { x: 0.0, y: 0.0, zoom: 1.0 };
    let forms = Forms::of([form].into_iter());
    let begun = begin(still, Epoch::new(EPOCH), viewport, format(&headers), forms).await;
    let response = begun.and_then(|(encoded, _)| answer(&encoded, form));
    response.unwrap_or_else(|| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn state(State(stream): State<Arc<Stream>>) -> Json<Value> {
    let said = stream.lock();
    Json(json!({"head": said.head(), "count": said.fleet.canvas.len(), "hash": hash(&said.fleet.canvas)}))
}

/// `{events_a_second, seconds, ids?}`: answers when all of them are said.
async fn feed(State(stream): State<Arc<Stream>>, Json(wish): Json<Value>) -> Json<Value> {
    let rate = wish["events_a_second"].as_f64().unwrap_or(1.0);
    let seconds = wish["seconds"].as_f64().unwrap_or(1.0);
    let ids = wish["ids"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let ids: Vec<_> = ids.filter_map(|id| WorkspaceId::parse(id).ok()).collect();
    let (started, wanted) = (Instant::now(), (rate * seconds) as usize);
    let mut done = 0;
    while done < wanted {
        let due = ((started.elapsed().as_secs_f64() * rate) as usize + 1).min(wanted);
        stream.say(due - done, &ids);
        done = due;
        tokio::time::sleep(Duration::from_secs_f64((1.0 / rate).max(0.002))).await;
    }
    state(State(stream)).await
}

async fn drop_sockets(State(stream): State<Arc<Stream>>) -> StatusCode {
    stream.dropped.send_modify(|times| *times += 1);
    StatusCode::NO_CONTENT
}

async fn file(dist: Arc<Path>, uri: Uri) -> Response {
    let asked = Path::new(uri.path().trim_start_matches('/'));
    let is_below = asked.components().all(|part| matches!(part, Component::Normal(_)));
    let asked = if uri.path() == "/" { Path::new("index.html") } else { asked };
    let Some(bytes) = is_below.then(|| std::fs::read(dist.join(asked)).ok()).flatten() else {
        return (StatusCode::NOT_FOUND, Json(json!({"error": "not here"}))).into_response();
    };
    let kind = match asked.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    (headers, bytes).into_response()
}

fn hash(canvas: &orrery_model::Canvas) -> String {
    format!("{:016x}", canvas.hash())
}
