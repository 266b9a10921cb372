//! Tests that a workspace has one process across servers.

use std::fs;
use std::path::Path;
use std::process::Command;

use orrery_tests::http::Http;
use orrery_tests::server_group::ServerGroup;
use orrery_tests::wait;
use serde_json::json;

/// Returns the token and the process id of each start, in order.
fn notes(folder: &Path, id: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(folder.join(id)).unwrap_or_default();
    let words = |line: &str| line.split_once(' ').map(|(token, process)| (token.to_owned(), process.to_owned()));
    text.lines().filter_map(words).collect()
}

fn lives(process: &str) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    !status.is_empty() && !status.contains("State:\tZ")
}

async fn beat(http: &Http, id: &str, token: &str) -> u16 {
    let http = http.clone().with_token(token);
    http.post("/registry/heartbeat", json!({"workspace_id": id, "error_rate": 0.0, "current_task": ""})).await.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workspace_has_one_process_across_servers() {
    let folder = tempfile::tempdir().unwrap();
    let command =
        format!("process:echo $WORKSPACE_TOKEN $$ >> {}/$WORKSPACE_ID; sleep 600 & wait", folder.path().display());
    let mut several = ServerGroup::start(2, &["--provisioner", &command]).await;
    let https: Vec<Http> = several.servers.iter().map(|server| server.http()).collect();
    let id = https[0].post("/workspaces", json!({"name": "A"})).await.expect(201)["id"].as_str().unwrap().to_owned();
    let noted =
        async |count: usize| wait::until("a start", async || notes(folder.path(), &id), |it| it.len() >= count).await;
    let first = noted(1).await;

    // A restart on another server ends the process of the first one, which is no failure.
    https[1].post(&format!("/workspaces/{id}/restart"), json!({})).await.expect(200);
    let second = noted(2).await;
    wait::until("the first process to end", async || lives(&first[0].1), |lives| !lives).await;
    assert!(lives(&second[1].1));
    assert_eq!(beat(&https[0], &id, &second[1].0).await, 200);
    assert_eq!(beat(&https[0], &id, &second[0].0).await, 401, "the new token replaces the old one");

    // When its server dies, the other one starts it again, and the token of the orphan is revoked.
    several.servers[1].kill();
    let third = noted(3).await;
    wait::until("the new token to count", async || beat(&https[0], &id, &third[2].0).await, |it| *it == 200).await;
    assert_eq!(beat(&https[0], &id, &third[1].0).await, 401);
    Command::new("sh").args(["-c", &format!("kill -KILL -{}", third[1].1)]).status().unwrap();

    // The server that comes back does not start it, and a removal on any server ends it.
    several.servers[1].restart().await;
    https[1].delete(&format!("/workspaces/{id}?confirm=true")).await.expect(200);
    wait::until("the process to end", async || lives(&third[2].1), |lives| !lives).await;
    assert_eq!(noted(3).await.len(), 3);
    let events = https[0].get("/events?limit=100").await.expect(200);
    let kinds: Vec<&str> = events.as_array().unwrap().iter().filter_map(|event| event["event"].as_str()).collect();
    assert!(!kinds.contains(&"WORKSPACE_PROVISION_FAILED"), "{kinds:?}");
}
