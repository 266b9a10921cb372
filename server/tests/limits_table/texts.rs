//! How long texts may be: one of the greatest length is taken as it is, one character more is cut or refused.

use reqwest::Method;
use serde_json::{Value, json};

use super::Row;
use crate::support::{Answer, Server};

const CUT: &str = "cut with …";

/// Whether the longer text was cut to the row's length; panics if the shorter one was changed.
fn outcome(row: &Row, fits: &Value, cut: &Value) -> String {
    let (fits, cut) = (fits.as_str().unwrap_or_default(), cut.as_str().unwrap_or_default());
    assert_eq!(fits, "x".repeat(row.amount()), "{} is changed although it fits", row.limit);
    match cut.chars().count() == row.amount() && cut.ends_with('…') {
        true => CUT.into(),
        false => format!("{} characters", cut.chars().count()),
    }
}

fn texts(row: &Row) -> [String; 2] {
    [row.amount(), row.amount() + 1].map(|length| "x".repeat(length))
}

/// The status of the one that is too long; the one that fits must be taken.
async fn refused(row: &Row, call: impl AsyncFn(String) -> Answer) -> String {
    let [fits, long] = texts(row);
    call(fits).await.ok();
    call(long).await.status.to_string()
}

async fn beat(row: &Row, field: &str) -> String {
    let server = Server::start().await;
    let mut kept = Vec::new();
    for text in texts(row) {
        let id = server.named("A").await;
        server.heartbeat(&id, json!({ field: text, "error_rate": 0.9 })).await.ok();
        let row = server.row(&id).await;
        kept.push(row[if field == "sample_error" { "last_sample_error" } else { field }].clone());
    }
    outcome(row, &kept[0], &kept[1])
}

pub async fn current_task(row: Row) -> String {
    beat(&row, "current_task").await
}

pub async fn sample_error(row: Row) -> String {
    beat(&row, "sample_error").await
}

async fn activity(row: &Row, field: &str) -> String {
    let server = Server::start().await;
    let id = server.named("A").await;
    let path = format!("/workspaces/{id}/activity");
    for text in texts(row) {
        server.post(&path, json!({ "activity_type": "a", field: text })).await.ok();
    }
    let kept = server.get(&path).await.ok();
    outcome(row, &kept[1][field], &kept[0][field])
}

pub async fn summary(row: Row) -> String {
    activity(&row, "summary").await
}

pub async fn labels(row: Row) -> String {
    assert_eq!(activity(&row, "method").await, CUT);
    activity(&row, "status").await
}

pub async fn reasons(row: Row) -> String {
    let server = Server::start().await;
    let id = server.named("A").await;
    let path = format!("/workspaces/{id}/agent");
    for reason in texts(&row) {
        server.post(&path, json!({ "model": "m" })).await.ok();
        Answer::of(server.request(Method::DELETE, &path).json(&json!({ "reason": reason }))).await.ok();
    }
    let log = server.log().await;
    let reasons: Vec<&Value> =
        log.iter().map(|event| &event["payload"]["reason"]).filter(|it| it.is_string()).collect();
    outcome(&row, reasons[0], reasons[1])
}

pub async fn message(row: Row) -> String {
    let server = Server::start().await;
    for message in texts(&row) {
        server.post("/api/events", json!({ "event_type": "progress", "message": message })).await.ok();
    }
    let log = server.log().await;
    outcome(&row, &log[0]["message"], &log[1]["message"])
}

pub async fn names(row: Row) -> String {
    let server = Server::start().await;
    let mut received = Vec::new();
    for field in ["name", "role", "model", "runtime"] {
        let create = async |text: String| {
            let mut said = json!({ "name": "A" });
            said[field] = text.into();
            server.post("/workspaces", said).await
        };
        received.push(refused(&row, create).await);
    }
    let id = server.named("A").await;
    let path = format!("/workspaces/{id}/activity");
    received.push(refused(&row, async |text| server.post(&path, json!({ "activity_type": text })).await).await);
    received.dedup();
    received.join(" and ")
}

pub async fn url(row: Row) -> String {
    let server = Server::start().await;
    let id = server.named("A").await;
    let register = async |text: String| {
        // As long as the text.
        let url = format!("http://127.0.0.1/{}", &text["http://127.0.0.1/".len()..]);
        server.post("/registry/register", json!({ "id": id, "url": url, "agent_card": {} })).await
    };
    refused(&row, register).await
}

pub async fn event_type(row: Row) -> String {
    let server = Server::start().await;
    refused(&row, async |text| server.post("/api/events", json!({ "event_type": text })).await).await
}

pub async fn event_id(row: Row) -> String {
    let server = Server::start().await;
    let call = async |text: String| server.post("/api/events", json!({ "event_type": "progress", "id": text })).await;
    refused(&row, call).await
}
