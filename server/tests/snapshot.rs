//! `/snapshot`: the whole state at exactly one place, for one client or a thousand at once.

use orrery_model::Canvas;
use orrery_protocol::snapshot::Snapshot;
use serde_json::json;

use crate::support::Server;

#[tokio::test]
async fn it_is_exact_at_its_cursor() {
    let server = Server::start().await;
    let id = server.workspace("SEO", None).await;
    server.call(reqwest::Method::PUT, "/canvas/viewport", json!({ "x": 1, "y": 2, "zoom": 0.5 })).await.ok();
    server.tasks(&id, 5).await;
    let answer = server.get("/snapshot").await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    let (cursor, hash) = (answer.headers["x-event-cursor"].clone(), answer.headers["x-state-hash"].clone());
    let keys: Vec<&str> = answer.body.as_object().unwrap().keys().map(String::as_str).collect();
    for key in ["cursor", "workspaces", "executions", "agents", "viewport"] {
        assert!(keys.contains(&key), "{key}");
    }
    let snapshot: Snapshot = serde_json::from_value(answer.body).unwrap();
    assert_eq!(cursor, snapshot.cursor.to_string());
    assert_eq!((snapshot.cursor.seq, snapshot.viewport.zoom), (6, 0.5));
    assert_eq!(snapshot.workspaces[0].active_tasks, 4);
    let canvas = Canvas::from_rows(snapshot.workspaces, snapshot.cursor.seq);
    assert_eq!(hash, format!("{:016x}", canvas.hash()));
}

#[tokio::test]
async fn ndjson_has_the_same_records_for_clients_that_ask_for_it() {
    let server = Server::start().await;
    server.workspace("SEO", None).await;
    server.workspace("Ads", None).await;
    let whole: Snapshot = serde_json::from_value(server.get("/snapshot").await.ok()).unwrap();
    let request = server.client.get(server.url("/snapshot")).header("accept", "application/x-ndjson");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/x-ndjson");
    let text = response.text().await.unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["cursor"], whole.cursor.to_string());
    assert_eq!((&lines[0]["workspaces"], &lines[0]["runs"]), (&json!(2), &json!(0)));
    let mut rows: Vec<_> = lines[1..].iter().map(|line| line["workspace"].clone()).collect();
    let mut expected: Vec<_> = whole.workspaces.iter().map(|row| json!(row)).collect();
    rows.sort_by_key(|row| row["id"].to_string());
    expected.sort_by_key(|row| row["id"].to_string());
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn it_is_squeezed_for_those_who_can_take_it() {
    let server = Server::start().await;
    server.workspace("SEO", None).await;
    let plain = server.get("/snapshot").await;
    let request = server.client.get(server.url("/snapshot")).header("accept-encoding", "gzip");
    let squeezed = request.send().await.unwrap();
    assert_eq!(squeezed.headers()["content-encoding"], "gzip");
    assert_eq!(squeezed.headers()["x-state-hash"], plain.headers["x-state-hash"]);
    assert!(squeezed.bytes().await.unwrap().starts_with(&[0x1F, 0x8B]));
}

#[tokio::test]
async fn everyone_who_asks_at_once_reads_their_own_writes() {
    let server = Server::start().await;
    let ask = async |name: String| {
        let id = server.workspace(&name, None).await;
        let body = server.get("/snapshot").await.ok();
        body["workspaces"].as_array().unwrap().iter().any(|row| row["id"] == json!(id))
    };
    let asks = (0..40).map(|number| ask(format!("w{number}")));
    assert!(futures_util::future::join_all(asks).await.into_iter().all(|found| found));
}

#[tokio::test]
async fn an_agent_s_token_does_not_open_it() {
    let admin = "an admin token of some length";
    let server = Server::with(|config| config.admin_token = Some(admin.into())).await;
    assert_eq!(server.get("/snapshot").await.status, 401);
}
