//! The HTTP routes: what the page requests of a server, and `/feed`, by which the driver requests events.

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
use serde::Deserialize;
use serde_json::{Value, json};

use crate::event_stream::{EPOCH, EventStream};
use crate::socket;

pub fn router(stream: Arc<EventStream>, dist: PathBuf) -> Router {
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

async fn workspaces(State(stream): State<Arc<EventStream>>) -> Response {
    let history = stream.lock();
    let rows: Vec<&Workspace> = history.fleet.canvas.iter().map(|(_, row)| row).collect();
    let cursor = Cursor { epoch: Epoch::new(EPOCH), seq: history.head() };
    ([("x-event-cursor", cursor.to_string())], Json(rows)).into_response()
}

/// Returns the snapshot as the server encodes it.
async fn snapshot(State(stream): State<Arc<EventStream>>, headers: HeaderMap) -> Response {
    let still = stream.lock().fleet.canvas.snapshot();
    let form = wanted(&headers);
    let viewport = Viewport { x: 0.0, y: 0.0, zoom: 1.0 };
    let forms = Forms::of([form].into_iter());
    let begun = begin(still, Epoch::new(EPOCH), viewport, format(&headers), forms).await;
    let response = begun.and_then(|(encoded, _)| answer(&encoded, form));
    response.unwrap_or_else(|| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn state(State(stream): State<Arc<EventStream>>) -> Json<Value> {
    let history = stream.lock();
    Json(json!({"head": history.head(), "count": history.fleet.canvas.len(), "hash": hash(&history.fleet.canvas)}))
}

#[derive(Deserialize)]
struct FeedRequest {
    events_a_second: f64,
    seconds: f64,
    /// Only about these workspaces; about any when there are none.
    #[serde(default)]
    ids: Vec<WorkspaceId>,
}

/// Publishes events for a time and returns the state after the last of them.
async fn feed(State(stream): State<Arc<EventStream>>, Json(request): Json<FeedRequest>) -> Json<Value> {
    let FeedRequest { events_a_second: rate, seconds, ids } = request;
    let (started, total) = (Instant::now(), (rate * seconds) as usize);
    let mut published = 0;
    while published < total {
        let due = ((started.elapsed().as_secs_f64() * rate) as usize + 1).min(total);
        stream.publish(due - published, &ids);
        published = due;
        tokio::time::sleep(Duration::from_secs_f64((1.0 / rate).max(0.002))).await;
    }
    state(State(stream)).await
}

async fn drop_sockets(State(stream): State<Arc<EventStream>>) -> StatusCode {
    stream.dropped.send_modify(|times| *times += 1);
    StatusCode::NO_CONTENT
}

/// Returns a file of the built page.
async fn file(dist: Arc<Path>, uri: Uri) -> Response {
    let path = Path::new(uri.path().trim_start_matches('/'));
    let is_below = path.components().all(|part| matches!(part, Component::Normal(_)));
    let path = if uri.path() == "/" { Path::new("index.html") } else { path };
    let Some(bytes) = is_below.then(|| std::fs::read(dist.join(path)).ok()).flatten() else {
        return (StatusCode::NOT_FOUND, Json(json!({"error": "not found"}))).into_response();
    };
    let content_type = match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    (headers, bytes).into_response()
}

fn hash(canvas: &orrery_model::Canvas) -> String {
    format!("{:016x}", canvas.hash())
}
