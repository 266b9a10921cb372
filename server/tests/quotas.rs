//! How much an agent may publish and create, and that neither its heartbeats nor anybody else suffer from its limit.

use orrery_server::limits::{EXPAND_CHILDREN, Limits, text};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Server, kinds};

pub const ADMIN: &str = "the-operators-own-token";

/// A server on which agents must show who they are.
pub async fn secured(limits: Limits) -> Server {
    Server::with(|config| {
        config.admin_token = Some(ADMIN.into());
        config.limits = limits;
    })
    .await
}

pub async fn call(server: &Server, token: &str, path: &str, body: Value) -> Answer {
    Answer::of(server.request(Method::POST, path).bearer_auth(token).json(&body)).await
}

/// A workspace's id and token.
pub async fn workspace(server: &Server, name: &str) -> (String, String) {
    let made = call(server, ADMIN, "/workspaces", json!({ "name": name })).await.ok();
    (made["id"].as_str().unwrap().to_owned(), made["auth_token"].as_str().unwrap().to_owned())
}

pub fn children(count: usize) -> Value {
    json!({ "sub_workspaces": (0..count).map(|at| json!({ "name": at.to_string() })).collect::<Vec<_>>() })
}

async fn get(server: &Server, path: &str) -> Answer {
    Answer::of(server.request(Method::GET, path).bearer_auth(ADMIN)).await
}

#[tokio::test]
async fn a_request_expands_into_at_most_200_children() {
    let server = Server::start().await;
    let id = server.named("team").await;
    let before = server.head().await;
    let path = format!("/workspaces/{id}/expand");
    let words = server.post(&path, children(EXPAND_CHILDREN + 1)).await.refused(400);
    assert!(words.contains("201") && words.contains("200"), "{words}");
    assert_eq!(server.head().await, before);
    for round in 1..=3 {
        let made = server.post(&path, children(EXPAND_CHILDREN)).await.ok();
        assert_eq!(made["sub_workspace_ids"].as_array().unwrap().len(), EXPAND_CHILDREN);
        assert_eq!(server.head().await, before + round * (EXPAND_CHILDREN as u64 + 1));
    }
    crate::door::assert_projection_is_the_fold(&server).await;
}

#[tokio::test]
async fn agents_grow_a_tree_up_to_its_limit_and_operators_further() {
    let server = secured(Limits { workspace_children: 5, ..Limits::default() }).await;
    let (id, token) = workspace(&server, "team").await;
    let made = call(&server, &token, &format!("/workspaces/{id}/expand"), children(3)).await.ok();
    let child = &made["sub_workspaces"][0];
    let path = format!("/workspaces/{}/expand", child["id"].as_str().unwrap());
    let childs_token = child["auth_token"].as_str().unwrap();
    let words = call(&server, childs_token, &path, children(3)).await.refused(409);
    assert!(words.contains("at most 5"), "{words}");
    call(&server, childs_token, &path, children(2)).await.ok();
    call(&server, &token, &format!("/workspaces/{id}/expand"), children(1)).await.refused(409);
    call(&server, ADMIN, &path, children(10)).await.ok();
    // Whoever collapses has room again.
    call(&server, &token, &format!("/workspaces/{id}/collapse"), json!({})).await.ok();
    call(&server, &token, &format!("/workspaces/{id}/expand"), children(5)).await.ok();
}

#[tokio::test]
async fn a_workspace_that_publishes_too_many_events_waits_and_its_heartbeats_still_count() {
    let server = secured(Limits { workspace_events: 1, ..Limits::default() }).await;
    let ((id, token), (other, others)) = (workspace(&server, "loud").await, workspace(&server, "quiet").await);
    let beat = async |uptime: u32, task: &str| {
        let said = json!({ "workspace_id": id, "uptime_seconds": uptime, "current_task": task });
        call(&server, &token, "/registry/heartbeat", said).await
    };
    beat(1, "").await.ok();
    let log = async |id: &str, token: &str| {
        call(&server, token, &format!("/workspaces/{id}/activity"), json!({ "activity_type": "noise" })).await
    };
    let mut told = None;
    for _ in 0..200 {
        let answer = log(&id, &token).await;
        if answer.status == 429 {
            told = Some(answer);
            break;
        }
        assert_eq!(answer.status, 201);
    }
    let told = told.expect("it is never told to wait");
    assert!(told.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    let words = told.refused(429);
    assert!(words.contains(&id) && words.contains("more than 1 events a second"), "{words}");
    // Charged by hand, so that the bucket cannot run empty while this test waits for the processor.
    let quotas = &server.running.app.quotas;
    quotas.charge(&id.parse().unwrap(), 10_000, 0, std::time::Instant::now());
    // Nothing new costs nothing; something new is refused, and is a sign of life all the same.
    beat(2, "").await.ok();
    beat(3, "busy").await.refused(429);
    assert_eq!(get(&server, &format!("/workspaces/{id}")).await.ok()["uptime_seconds"], 3);
    log(&other, &others).await.ok();
    log(&id, ADMIN).await.ok();
}

#[tokio::test]
async fn a_workspace_that_publishes_too_many_bytes_waits() {
    let server = secured(Limits { workspace_bytes: 1_000, ..Limits::default() }).await;
    let (id, token) = workspace(&server, "loud").await;
    let path = format!("/workspaces/{id}/activity");
    let said = json!({ "activity_type": "noise", "request_body": "x".repeat(200_000) });
    call(&server, &token, &path, said.clone()).await.ok();
    let words = call(&server, &token, &path, said.clone()).await.refused(429);
    assert!(words.contains("more than 1000 bytes a second"), "{words}");
    call(&server, ADMIN, &path, said).await.ok();
}

#[tokio::test]
async fn in_open_mode_only_who_says_which_workspace_it_is_has_a_quota() {
    let server = Server::with(|config| config.limits.workspace_bytes = 100).await;
    let id = server.named("A").await;
    let path = format!("/workspaces/{id}/activity");
    let said = json!({ "activity_type": "noise", "request_body": "x".repeat(5_000) });
    for _ in 0..3 {
        server.post(&path, said.clone()).await.ok();
    }
    let claimed =
        async || Answer::of(server.request(Method::POST, &path).header("x-workspace-id", &id).json(&said)).await;
    claimed().await.ok();
    claimed().await.refused(429);
}

#[tokio::test]
async fn long_texts_are_cut_and_never_refused() {
    let server = Server::start().await;
    let id = server.named("A").await;
    let before = server.head().await;
    let long = "ä".repeat(50_000);
    server.heartbeat(&id, json!({ "current_task": long, "sample_error": long, "error_rate": 0.9 })).await.ok();
    let activity =
        json!({ "activity_type": "a", "summary": long, "method": "m".repeat(5_000), "status": "s".repeat(5_000) });
    server.post(&format!("/workspaces/{id}/activity"), activity).await.ok();
    server.post("/api/events", json!({ "event_type": "progress", "message": long })).await.ok();
    server.post(&format!("/workspaces/{id}/agent"), json!({ "model": "m" })).await.ok();
    let reason = server.request(Method::DELETE, &format!("/workspaces/{id}/agent")).json(&json!({ "reason": long }));
    Answer::of(reason).await.ok();
    let log = server.log_after(before).await;
    let cut = |value: &Value, most: usize| {
        let value = value.as_str().unwrap();
        assert!(value.chars().count() == most && value.ends_with('…'), "{} of {most}", value.chars().count());
    };
    let of = |kind: &str| {
        let event = log.iter().find(|event| event["event"] == kind);
        &event.unwrap_or_else(|| panic!("no {kind}"))["payload"]
    };
    cut(&of("TASK_UPDATED")["current_task"], text::CURRENT_TASK);
    cut(&of("WORKSPACE_DEGRADED")["sample_error"], text::SAMPLE_ERROR);
    cut(&of("ACTIVITY_LOGGED")["summary"], text::SUMMARY);
    cut(&of("ACTIVITY_LOGGED")["method"], text::LABEL);
    cut(&of("ACTIVITY_LOGGED")["status"], text::LABEL);
    cut(&of("AGENT_REMOVED")["reason"], text::REASON);
    let message = log.iter().find(|event| event["event_type"] == "progress").unwrap();
    cut(&message["message"], text::MESSAGE);
    let row = server.row(&id).await;
    cut(&row["current_task"], text::CURRENT_TASK);
    cut(&row["last_sample_error"], text::SAMPLE_ERROR);
    // The same task again is no news.
    let before = server.head().await;
    server.heartbeat(&id, json!({ "current_task": long, "sample_error": long, "error_rate": 0.9 })).await.ok();
    assert_eq!((server.head().await, kinds(&log[..1])), (before, vec!["WORKSPACE_ONLINE".to_owned()]));
}
