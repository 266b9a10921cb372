//! Ids of other systems in run events, in the addresses of streams and in the snapshot.

use serde_json::{Value, json};

use super::cases;
use crate::support::Server;

#[tokio::test]
async fn ids_of_other_systems_are_shown_and_streamed_as_they_were_sent() {
    let mut server = Server::start().await;
    let mut accepted = Vec::new();
    for case in cases(include_str!("../../../tests/cases/ids.json")) {
        let body = json!({ "event_type": "progress", "run_id": case["json"], "workflow_id": case["json"] });
        let answer = server.post("/api/events", body).await;
        let is_missing = case["json"].is_null() || case["json"] == "";
        let expected = if case["id"].is_string() || is_missing { 200 } else { 400 };
        assert_eq!(answer.status, expected, "{case}: {}", answer.body);
        accepted.extend(case["id"].as_str().map(str::to_owned));
    }
    for id in accepted.iter().filter(|id| !id.starts_with('.')) {
        let encoded: String = id.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let mut socket = server.socket(&format!("/ws/runs/{encoded}")).await;
        server.post("/api/events", json!({ "event_type": "progress", "run_id": id, "message": "again" })).await.ok();
        let event = socket.json().await;
        assert_eq!((&event["run_id"], &event["message"]), (&json!(id), &json!("again")));
    }
    for _ in 0..2 {
        let snapshot = server.get("/snapshot").await.ok();
        let runs = snapshot["runs"].as_array().unwrap();
        let mut ids: Vec<&Value> = runs.iter().map(|run| &run["run_id"]).collect();
        ids.sort_by_key(|id| id.as_str());
        accepted.sort();
        accepted.dedup();
        assert_eq!(ids, accepted.iter().map(|id| json!(id)).collect::<Vec<_>>().iter().collect::<Vec<_>>());
        server = Server::again(server.stop().await, |_| {}).await;
    }
}
