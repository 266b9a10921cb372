//! What silence does to a workspace, and what the first sound changes (see section 7.1 of docs/protocol.md). Never how long it took.

use std::time::Duration;

use orrery_protocol::Timestamp;
use orrery_server::clock;
use serde_json::json;

use crate::support::{Server, kinds};

const SHORT: Duration = Duration::from_millis(250);
const LONG: Duration = Duration::from_secs(600);

#[tokio::test]
async fn provisioning_without_a_heartbeat_fails_and_a_late_one_brings_it_online() {
    let server = Server::with(|config| config.provision_timeout = SHORT).await;
    let id = server.named("A").await;
    let row = server.until(&id, |row| row["status"] == "failed").await;
    assert_eq!(row["failure"], "provisioning timeout -- no heartbeat received");
    let events = server.log().await;
    let reason = "provisioning timeout -- no heartbeat received";
    assert_eq!(kinds(&events), ["WORKSPACE_PROVISIONING", "WORKSPACE_PROVISION_FAILED"]);
    assert_eq!(events[1]["payload"], json!({ "reason": reason, "error": reason }));

    server.post(&format!("/workspaces/{id}/restart"), json!({})).await.ok();
    server.until(&id, |row| row["status"] == "failed").await;
    server.beat(&id).await.ok();
    server.until(&id, |row| row["status"] == "online").await;
}

#[tokio::test]
async fn silence_turns_a_workspace_offline_and_a_heartbeat_brings_it_back() {
    let server = Server::with(|config| {
        config.heartbeat_ttl = SHORT;
        config.provision_timeout = LONG;
    })
    .await;
    let id = server.named("A").await;
    let waits = server.named("B").await;
    server.beat(&id).await.ok();
    server.until(&id, |row| row["status"] == "offline").await;
    server.heartbeat(&id, json!({ "error_rate": 0.8 })).await.ok();
    // A degraded one falls silent like any other.
    server.until(&id, |row| row["status"] == "offline").await;
    server.beat(&id).await.ok();
    let events = server.log_after(2).await;
    let offline = "WORKSPACE_OFFLINE";
    let online = "WORKSPACE_ONLINE";
    assert_eq!(kinds(&events)[..6], [online, offline, online, "WORKSPACE_DEGRADED", offline, online]);
    assert_eq!(events[1]["payload"], json!({}));
    assert_eq!(server.row(&waits).await["status"], "provisioning");
}

#[tokio::test]
async fn a_server_that_was_away_blames_nobody() {
    let server = Server::with(|config| config.heartbeat_ttl = LONG).await;
    let id = server.named("A").await;
    server.beat(&id).await.ok();
    let folder = server.stop().await;
    let patience = Duration::from_secs(1);
    // Away for longer than its patience.
    tokio::time::sleep(patience + Duration::from_millis(100)).await;
    let back = clock::now();
    let server = Server::again(folder, |config| config.heartbeat_ttl = patience).await;
    server.until(&id, |row| row["status"] == "offline").await;
    let events = server.log_after(2).await;
    assert_eq!(kinds(&events), ["WORKSPACE_OFFLINE"]);
    let offline: Timestamp = events[0]["timestamp"].as_str().unwrap().parse().unwrap();
    assert!(offline >= back.plus_millis(patience.as_millis() as i64), "everyone gets the whole time again");
}
