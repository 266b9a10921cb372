//! Limits of one workspace.

use orrery_server::config::Provisioner;
use orrery_server::limits::Limits;
use serde_json::json;

use super::Row;
use crate::flood::{Hold, waiting};
use crate::quotas::{ADMIN, call, children, secured, workspace};
use crate::support::{Answer, Server};

/// Calls until it is refused; an answer to wait says for how long.
async fn until_refused(ask: impl AsyncFn() -> Answer) -> String {
    for _ in 0..1000 {
        let answer = ask().await;
        if answer.status >= 400 {
            assert!(answer.status != 429 || answer.headers.contains_key("retry-after"), "it does not say for how long");
            return answer.status.to_string();
        }
    }
    "never refused".into()
}

pub async fn requests(_: Row) -> String {
    let server = secured(Limits { workspace_requests: 1, ..Limits::default() }).await;
    let (id, token) = workspace(&server, "A").await;
    until_refused(async || call(&server, &token, "/registry/heartbeat", json!({ "workspace_id": id })).await).await
}

pub async fn waiting_requests(row: Row) -> String {
    let server = Server::start().await;
    let id = server.named("A").await;
    let hold = Hold::begin(&server).await;
    let beat = || {
        let request = server.client.post(server.url("/registry/heartbeat")).json(&json!({ "workspace_id": id }));
        tokio::spawn(Answer::of(request))
    };
    let calls: Vec<_> = (0..row.amount()).map(|_| beat()).collect();
    waiting(&server, calls.len()).await;
    let refused = beat().await.unwrap();
    assert!(refused.headers.contains_key("retry-after"));
    hold.end().await;
    for call in calls {
        call.await.unwrap().ok();
    }
    refused.status.to_string()
}

pub async fn events(_: Row) -> String {
    let server = secured(Limits { workspace_events: 1, ..Limits::default() }).await;
    let (id, token) = workspace(&server, "A").await;
    let path = format!("/workspaces/{id}/activity");
    until_refused(async || call(&server, &token, &path, json!({ "activity_type": "a" })).await).await
}

pub async fn bytes(_: Row) -> String {
    let server = secured(Limits { workspace_bytes: 1000, ..Limits::default() }).await;
    let (id, token) = workspace(&server, "A").await;
    let path = format!("/workspaces/{id}/activity");
    let said = json!({ "activity_type": "a", "request_body": "x".repeat(100_000) });
    until_refused(async || call(&server, &token, &path, said.clone()).await).await
}

pub async fn children_of_a_request(row: Row) -> String {
    let server = Server::start().await;
    let id = server.named("A").await;
    let path = format!("/workspaces/{id}/expand");
    server.post(&path, children(row.amount())).await.ok();
    server.post(&path, children(row.amount() + 1)).await.status.to_string()
}

async fn expand_beyond(server: &Server, most: usize) -> String {
    let (id, token) = workspace(server, "A").await;
    let path = format!("/workspaces/{id}/expand");
    call(server, &token, &path, children(most)).await.ok();
    call(server, &token, &path, children(1)).await.status.to_string()
}

pub async fn children_of_a_tree(_: Row) -> String {
    let server = secured(Limits { workspace_children: 3, ..Limits::default() }).await;
    expand_beyond(&server, 3).await
}

pub async fn processes_of_a_tree(_: Row) -> String {
    let server = Server::with(|config| {
        config.admin_token = Some(ADMIN.into());
        config.provisioner = Provisioner::Process("sleep 600".into());
        config.limits.workspace_processes = 2;
    })
    .await;
    let received = expand_beyond(&server, 2).await;
    server.stop().await;
    received
}
