//! `/health/*` and `/metrics`: what those who run the server ask (see section 9.12 of docs/protocol.md). Never anything of the canvas's content.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use orrery_protocol::Status;
use serde_json::json;

use crate::app::Shared;
use crate::auth::Caller;
use crate::error::Refusal;
use crate::hub::Connected;
use crate::metrics::Gauge;

/// The process answers, and no restart is needed to save events again.
pub async fn live(State(app): State<Shared>) -> Response {
    match app.door.is_open() || *app.stopping.borrow() {
        true => Json(json!({ "status": "live" })).into_response(),
        false => Refusal::Unavailable("the writer has ended: start the server again".into()).into_response(),
    }
}

/// It can do its work: the writer is there, and the log can be read and was written last time.
pub async fn ready(State(app): State<Shared>) -> Response {
    let log = app.log.viewport().await;
    let replaced = match app.log.shared() {
        Some(log) => log.glance().await.is_ok_and(|glance| glance.epoch != *app.hub.epoch()),
        None => false,
    };
    let troubles = [
        replaced.then(|| "the log was replaced by another one: start this server anew".to_owned()),
        (!app.door.is_open()).then(|| "the writer has stopped".to_owned()),
        app.door.write_failure().map(|error| format!("the log cannot be written: {error}")),
        log.err().map(|error| format!("the log cannot be read: {error}")),
        app.stopping.borrow().then(|| "the server is shutting down".to_owned()),
    ];
    let troubles: Vec<String> = troubles.into_iter().flatten().collect();
    match troubles.is_empty() {
        // Without Redis the servers read the log instead: later, but nothing is lost.
        true if app.link.is_up() == Some(false) => {
            Json(json!({ "status": "degraded", "reasons": ["redis is away: other servers' events come late"] }))
                .into_response()
        }
        true => Json(json!({ "status": "ready" })).into_response(),
        false => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "error": troubles.join("; ") }))).into_response(),
    }
}

pub async fn metrics(State(app): State<Shared>, caller: Caller) -> Result<Response, Refusal> {
    caller.must_operate()?;
    let (seq, counts) = app.hub.read(|canvas| (canvas.seq(), canvas.counts()));
    let gauge = |name, help, value: usize| Gauge { name, labels: "", help, value: value as f64 };
    let mut gauges = vec![
        gauge("log_seq", "The last event of the log.", seq as usize),
        gauge("door_waiting", "Callers that wait for the writer.", app.door.waiting()),
        gauge(
            "log_writable",
            "0 from a failed write to the next that succeeds.",
            app.door.write_failure().is_none().into(),
        ),
    ];
    gauges.push(gauge("connections", "TCP connections, WebSockets included.", app.metrics.connections.get() as usize));
    gauges.push(gauge("queue_bytes", "What waits for all subscribers together.", app.hub.queued()));
    let Connected { canvases, agents, streams } = app.hub.connected();
    let subscribers =
        [(r#"{kind="canvas"}"#, canvases), (r#"{kind="agent"}"#, agents), (r#"{kind="stream"}"#, streams)];
    gauges
        .extend(subscribers.map(|(labels, count)| Gauge { labels, ..gauge("subscribers", "Open WebSockets.", count) }));
    if app.log.shared().is_some() {
        gauges.push(gauge("on_duty", "1 when this server has the timers for all.", app.duty.is_mine().into()));
        gauges.push(gauge("lag", "Events of other servers not delivered here yet.", app.metrics.lag.get() as usize));
    }
    if let Some(is_up) = app.link.is_up() {
        gauges.push(gauge("redis_up", "1 when this server hears the others over Redis.", is_up.into()));
    }
    for status in Status::SHOWN {
        let labels = match status {
            Status::Provisioning => r#"{status="provisioning"}"#,
            Status::Online => r#"{status="online"}"#,
            Status::Degraded => r#"{status="degraded"}"#,
            Status::Offline => r#"{status="offline"}"#,
            _ => r#"{status="failed"}"#,
        };
        gauges.push(Gauge { labels, ..gauge("workspaces", "Workspaces on the canvas.", counts.get(&status)) });
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.render(&gauges)).into_response())
}
