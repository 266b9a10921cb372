//! What is let go of after a time, what never is, and what a client is told whose cursor lies before what is kept.

use std::time::Duration;

use serde_json::{Value, json};

use crate::sockets::client::PATIENCE;
use crate::support::Server;

async fn kept(server: &Server, what: impl Fn(&Value) -> bool) -> usize {
    server.log().await.iter().filter(|event| what(event)).count()
}

async fn until_gone(server: &Server, what: impl Fn(&Value) -> bool) {
    let look = async {
        while kept(server, &what).await > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, look).await.expect("it is never let go of");
}

fn is_run(event: &Value) -> bool {
    event["event_type"].is_string()
}

fn is_activity(event: &Value) -> bool {
    event["event"] == "ACTIVITY_LOGGED"
}

#[tokio::test]
async fn runs_and_activities_are_let_go_of_and_structure_is_kept() {
    let server = Server::with(|config| {
        config.keep_activity = Duration::from_secs(6);
        config.keep_runs = Duration::from_secs(6);
    })
    .await;
    let id = server.named("A").await;
    let cursor = {
        let mut canvas = server.socket("/ws?since=").await;
        let hello = canvas.json().await;
        format!("{}:{}", hello["epoch"].as_str().unwrap(), hello["head"])
    };
    for number in 0..10 {
        // A made-up time moves nothing: the server's own clock counts.
        let event = json!({ "event_type": "progress", "run_id": "r", "timestamp": "2001-01-01T00:00:00Z", "message": number.to_string() });
        server.post("/api/events", event).await.ok();
        server
            .post(
                &format!("/workspaces/{id}/activity"),
                json!({ "activity_type": "note", "request_body": { "much": "text" } }),
            )
            .await
            .ok();
    }
    assert_eq!((kept(&server, is_run).await, kept(&server, is_activity).await), (10, 10), "it is not yet time");
    let mut still = server.socket(&format!("/ws?since={cursor}&include=runs")).await;
    assert_eq!(still.json().await["resumed"], true);
    assert_eq!(still.seqs(20).await.len(), 20);

    until_gone(&server, is_run).await;
    until_gone(&server, is_activity).await;
    assert!(server.get(&format!("/workspaces/{id}/activity")).await.ok().as_array().unwrap().is_empty());
    let structure = |event: &Value| event["event"] == "WORKSPACE_PROVISIONING";
    assert_eq!(kept(&server, structure).await, 1, "what happened to workspaces is never let go of");

    // Whoever was there before is told to begin anew, after a restart too: then the ring does not help.
    let folder = server.stop().await;
    let server = Server::again(folder, |_| {}).await;
    let mut late = server.socket(&format!("/ws?since={cursor}&include=runs")).await;
    let hello = late.json().await;
    assert_eq!(hello["resumed"], false);
    assert!(hello["oldest"].as_u64().unwrap() > 20, "{hello}");
    // And whoever is new enough goes on.
    let near = format!("{}:{}", hello["epoch"].as_str().unwrap(), hello["head"]);
    assert_eq!(server.socket(&format!("/ws?since={near}")).await.json().await["resumed"], true);
    assert_eq!(server.row(&id).await["name"], "A");
}

#[tokio::test]
async fn each_is_kept_as_long_as_was_said() {
    let server = Server::with(|config| {
        config.keep_activity = Duration::from_millis(200);
        config.keep_runs = Duration::MAX;
    })
    .await;
    let id = server.named("A").await;
    server.post("/api/events", json!({ "event_type": "progress", "run_id": "r" })).await.ok();
    server.post(&format!("/workspaces/{id}/activity"), json!({ "activity_type": "note" })).await.ok();
    until_gone(&server, is_activity).await;
    assert_eq!(kept(&server, is_run).await, 1);
}
