//! A request with an `Idempotency-Key` is done once, whoever repeats it, and however the first attempt ended.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::flood::{Hold, waiting};
use crate::quotas::{ADMIN, call, children, secured, workspace};
use crate::support::{Answer, Server};

async fn keyed(server: &Server, path: &str, key: &str, body: &Value) -> Answer {
    Answer::of(server.request(Method::POST, path).header("idempotency-key", key).json(body)).await
}

async fn keyed_by(server: &Server, token: &str, path: &str, key: &str, body: &Value) -> Answer {
    let request = server.request(Method::POST, path).bearer_auth(token).header("idempotency-key", key);
    Answer::of(request.json(body)).await
}

fn is_repeated(answer: &Answer) -> bool {
    answer.headers.get("idempotency-replayed").is_some_and(|value| value == "true")
}

#[tokio::test]
async fn a_workspace_is_created_once_and_its_last_token_counts() {
    let server = secured(Default::default()).await;
    let said = json!({ "name": "A" });
    let first = keyed_by(&server, ADMIN, "/workspaces", "k1", &said).await;
    assert!(first.status == 201 && !is_repeated(&first));
    let first = first.ok();
    let again = keyed_by(&server, ADMIN, "/workspaces", "k1", &said).await;
    assert!(again.status == 201 && is_repeated(&again));
    let again = again.ok();
    assert_eq!((&again["id"], &again["status"]), (&first["id"], &first["status"]));
    let beat = json!({ "workspace_id": first["id"] });
    let token = |answer: &Value| answer["auth_token"].as_str().unwrap().to_owned();
    call(&server, &token(&again), "/registry/heartbeat", beat.clone()).await.ok();
    call(&server, &token(&first), "/registry/heartbeat", beat.clone()).await.refused(401);
    // Another request with that key is a mistake, another key another workspace.
    keyed_by(&server, ADMIN, "/workspaces", "k1", &json!({ "name": "B" })).await.refused(422);
    assert_ne!(keyed_by(&server, ADMIN, "/workspaces", "k2", &said).await.ok()["id"], first["id"]);
    // Also after a restart.
    let folder = server.stop().await;
    let server = Server::again(folder, |config| config.admin_token = Some(ADMIN.into())).await;
    let again = keyed_by(&server, ADMIN, "/workspaces", "k1", &said).await.ok();
    assert_eq!(again["id"], first["id"]);
    call(&server, &token(&again), "/registry/heartbeat", beat).await.ok();
}

#[tokio::test]
async fn a_team_expands_once_and_keys_are_each_callers_own() {
    let server = secured(Default::default()).await;
    let ((one, ones), (other, others)) = (workspace(&server, "one").await, workspace(&server, "other").await);
    let path = |id: &str| format!("/workspaces/{id}/expand");
    let first = keyed_by(&server, &ones, &path(&one), "same", &children(2)).await.ok();
    let again = keyed_by(&server, &ones, &path(&one), "same", &children(2)).await;
    assert!(is_repeated(&again));
    let again = again.ok();
    assert_eq!(again["sub_workspace_ids"], first["sub_workspace_ids"]);
    for child in again["sub_workspaces"].as_array().unwrap() {
        let token = child["auth_token"].as_str().unwrap();
        call(&server, token, "/registry/heartbeat", json!({ "workspace_id": child["id"] })).await.ok();
    }
    let theirs = keyed_by(&server, &others, &path(&other), "same", &children(2)).await;
    assert!(!is_repeated(&theirs));
    assert_ne!(theirs.ok()["sub_workspace_ids"], first["sub_workspace_ids"]);
}

#[tokio::test]
async fn whatever_creates_or_starts_something_does_it_once() {
    let server = Server::start().await;
    let id = server.named("A").await;
    let steps = json!([{ "name": "ask", "step_type": "approval", "config": {} }]);
    let workflow = server.post("/api/workflows", json!({ "name": "W", "steps": steps })).await.ok();
    let task = server.post("/api/tasks", json!({ "title": "T", "workspace_id": id })).await.ok();
    let calls = [
        (format!("/workspaces/{id}/activity"), json!({ "activity_type": "a" })),
        (format!("/workspaces/{id}/agent"), json!({ "model": "m" })),
        (format!("/workspaces/{id}/restart"), json!({})),
        ("/api/workflows".into(), json!({ "name": "W", "steps": steps })),
        (format!("/api/workflows/{}/execute", workflow["workflow_id"].as_str().unwrap()), json!({})),
        ("/api/tasks".into(), json!({ "title": "T", "workspace_id": id })),
        ("/api/runs".into(), json!({ "task_id": task["task_id"] })),
    ];
    for (at, (path, said)) in calls.iter().enumerate() {
        let key = format!("key {at}");
        let first = keyed(&server, path, &key, said).await;
        assert!((200..300).contains(&first.status) && !is_repeated(&first), "{path}: {}", first.body);
        let again = keyed(&server, path, &key, said).await;
        assert!(is_repeated(&again), "{path}");
        assert_eq!((again.status, &again.body), (first.status, &first.body), "{path}");
    }
    for (path, count) in [("/api/workflows", 2), ("/api/workflows/executions", 1), ("/api/tasks", 2)] {
        assert_eq!(server.get(path).await.ok().as_array().unwrap().len(), count, "{path}");
    }
}

#[tokio::test]
async fn what_was_refused_may_be_tried_again_with_its_key() {
    let server = Server::start().await;
    let id = server.named("A").await;
    let path = format!("/workspaces/{id}/agent");
    server.post(&path, json!({ "model": "m" })).await.ok();
    keyed(&server, &path, "k", &json!({ "model": "n" })).await.refused(409);
    server.delete(&path).await.ok();
    keyed(&server, &path, "k", &json!({ "model": "n" })).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_request_that_timed_out_is_answered_when_it_is_repeated() {
    let server = Server::with(|config| config.limits.request = Duration::from_secs(2)).await;
    let said = json!({ "name": "A" });
    let hold = Hold::begin(&server).await;
    keyed(&server, "/workspaces", "k", &said).await.refused(408);
    waiting(&server, 1).await;
    hold.end().await;
    let answer = loop {
        let answer = keyed(&server, "/workspaces", "k", &said).await;
        if answer.status != 408 {
            break answer;
        }
    };
    assert!(answer.status == 201 && is_repeated(&answer), "{}", answer.body);
    let rows = server.get("/workspaces").await.ok();
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!(rows[0]["id"], answer.body["id"]);
}

#[tokio::test]
async fn many_at_once_with_one_key_are_one() {
    let server = Server::start().await;
    let calls = (0..10).map(|_| {
        let request = server.request(Method::POST, "/workspaces").header("idempotency-key", "k");
        tokio::spawn(Answer::of(request.json(&json!({ "name": "A" }))))
    });
    let mut ids = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        ids.push(call.await.unwrap().ok()["id"].as_str().unwrap().to_owned());
    }
    ids.dedup();
    assert_eq!((ids.len(), server.get("/workspaces").await.ok().as_array().unwrap().len()), (1, 1));
}

#[tokio::test]
async fn outcomes_are_forgotten_after_their_time() {
    let server = Server::with(|config| config.keep_outcomes = Duration::from_millis(200)).await;
    let said = json!({ "name": "A" });
    let first = keyed(&server, "/workspaces", "k", &said).await.ok();
    for _ in 0..3000 {
        let again = keyed(&server, "/workspaces", "k", &said).await.ok();
        if again["id"] != first["id"] {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the outcome is kept for ever");
}
