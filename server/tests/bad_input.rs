//! What cannot be understood or must not be: the right status, words that name the field, and a server that lives on.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Server};

#[tokio::test]
async fn a_refusal_names_the_field_and_changes_nothing() {
    let server = Server::start().await;
    let id = server.named("A").await;
    let head = server.head().await;
    let long = "x".repeat(300);
    let workspace = format!("/workspaces/{id}");
    let agent = format!("/workspaces/{id}/agent");
    let expand = format!("/workspaces/{id}/expand");
    let activity = format!("/workspaces/{id}/activity");
    let beat =
        |field: &str, value: Value| ("/registry/heartbeat".to_owned(), json!({ "workspace_id": id, field: value }));
    let post: Vec<(String, Value, u16, &str)> = vec![
        ("/workspaces".into(), json!({}), 400, "name"),
        ("/workspaces".into(), json!({ "name": 5 }), 400, "name"),
        ("/workspaces".into(), json!({ "name": "  " }), 400, "name"),
        ("/workspaces".into(), json!({ "name": long }), 400, "name"),
        ("/workspaces".into(), json!({ "name": "A", "tier": 0 }), 400, "tier"),
        ("/workspaces".into(), json!({ "name": "A", "tier": 5 }), 400, "tier"),
        ("/workspaces".into(), json!({ "name": "A", "tier": "1" }), 400, "tier"),
        ("/workspaces".into(), json!({ "name": "A", "tier": 1.5 }), 400, "tier"),
        ("/workspaces".into(), json!({ "name": "A", "role": 1 }), 400, "role"),
        ("/workspaces".into(), json!({ "name": "A", "canvas": { "x": "1", "y": 2 } }), 400, "canvas.x"),
        ("/workspaces".into(), json!({ "name": "A", "canvas": { "x": 1 } }), 400, "y"),
        ("/workspaces".into(), json!({ "name": "A", "canvas": { "x": 1e18, "y": 1 } }), 400, "x is at most"),
        ("/workspaces".into(), json!({ "name": "A", "parent_id": "nobody" }), 404, "nobody"),
        ("/workspaces".into(), json!({ "name": "A", "parent_id": "a\nb" }), 400, "parent_id"),
        ("/workspaces".into(), json!([]), 400, ""),
        ("/workspaces/nobody/restart".into(), json!({}), 404, "nobody"),
        ("/workspaces/nobody/expand".into(), json!({ "sub_workspaces": [{ "name": "a" }] }), 404, "nobody"),
        ("/workspaces/nobody/activity".into(), json!({ "activity_type": "a" }), 404, "nobody"),
        ("/workspaces/nobody/agent".into(), json!({ "model": "m" }), 404, "nobody"),
        ("/workspaces/%3Cb%3E/agent".into(), json!({ "model": "m" }), 404, "no workspace"),
        (agent.clone(), json!({}), 400, "model"),
        (agent.clone(), json!({ "model": "" }), 400, "model"),
        (format!("{agent}/move"), json!({ "target_workspace_id": "nobody" }), 404, "no agent"),
        (expand.clone(), json!({ "sub_workspaces": [{ "name": "a" }, { "role": "b" }] }), 400, "sub_workspaces[1]"),
        (expand.clone(), json!({ "sub_workspaces": [{ "name": "a" }, { "name": "b", "tier": 9 }] }), 400, "tier"),
        (activity.clone(), json!({ "summary": "s" }), 400, "activity_type"),
        (activity.clone(), json!({ "activity_type": "a", "duration_ms": -1 }), 400, "duration_ms"),
        (activity.clone(), json!({ "activity_type": "a", "source_id": "a\nb" }), 400, "source_id"),
        ("/registry/register".into(), json!({ "id": id, "url": "http://a" }), 400, "agent_card"),
        ("/registry/register".into(), json!({ "id": id, "url": "http://a", "agent_card": [] }), 400, "agent_card"),
        ("/registry/register".into(), json!({ "id": id, "agent_card": {} }), 400, "url"),
        ("/registry/register".into(), json!({ "id": id, "url": "http://", "agent_card": {} }), 400, "url"),
        ("/registry/register".into(), json!({ "id": id, "url": "javascript:alert(1)", "agent_card": {} }), 400, "url"),
        ("/registry/register".into(), json!({ "id": "nobody", "url": "", "agent_card": {} }), 404, "nobody"),
        ("/registry/heartbeat".into(), json!({ "error_rate": 0 }), 400, "workspace_id"),
        ("/registry/heartbeat".into(), json!({ "workspace_id": "nobody" }), 404, "nobody"),
        ("/registry/update-card".into(), json!({ "workspace_id": id, "agent_card": "x" }), 400, "agent_card"),
        ("/registry/check-access".into(), json!({ "caller_id": id }), 400, "target_id"),
    ];
    let beats = [
        beat("error_rate", json!(1.5)),
        beat("error_rate", json!(-0.1)),
        beat("error_rate", json!("low")),
        beat("active_tasks", json!(-1)),
        beat("uptime_seconds", json!(-1)),
    ];
    for (path, said, status, word) in post {
        let words = server.post(&path, said.clone()).await.refused(status);
        assert!(words.contains(word), "{path} {said}: {words}");
    }
    for (path, said) in beats {
        let field = said.as_object().unwrap().keys().find(|key| *key != "workspace_id").unwrap().clone();
        let words = server.post(&path, said.clone()).await.refused(400);
        assert!(words.contains(&field), "{path} {said}: {words}");
    }
    for (said, word) in [
        (json!({ "tier": 5 }), "tier"),
        (json!({ "x": "1" }), "x"),
        (json!({ "collapsed": "yes" }), "collapsed"),
        (json!({ "name": "" }), "name"),
        (json!({ "name": "B", "parent_id": [4] }), "parent_id"),
    ] {
        let words = server.patch(&workspace, said.clone()).await.refused(400);
        assert!(words.contains(word), "{said}: {words}");
    }
    server.patch(&workspace, json!({ "name": "B", "parent_id": "nobody" })).await.refused(404);
    server.delete(&format!("{workspace}?confirm=perhaps")).await.refused(400);
    assert_eq!(server.head().await, head, "a refused call publishes nothing");
}

#[tokio::test]
async fn what_is_not_json_is_said_to_be_so() {
    let server = Server::start().await;
    for text in ["", "{", "{\"name\":\"A\"} more", "name=A", "\u{0}", "[[[[[["] {
        let answer = Answer::of(server.request(Method::POST, "/workspaces").body(text)).await;
        assert!(!answer.refused(400).is_empty());
    }
    let bytes = Answer::of(server.request(Method::POST, "/workspaces").body(b"{\"name\":\"\xff\xfe\"}".to_vec())).await;
    bytes.refused(400);
    let deep = "[".repeat(100_000);
    Answer::of(server.request(Method::POST, "/workspaces").body(deep)).await.refused(400);
    // What curl -d sends is JSON, whatever it says.
    let form = server.request(Method::POST, "/workspaces").body(r#"{"name":"A"}"#);
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(Answer::of(form).await.status, 201);
}

#[tokio::test]
async fn a_body_has_a_limit_and_it_is_exact() {
    let server = Server::start().await;
    let body = |length: usize| {
        let frame = r#"{"name":"A","pad":""}"#.len();
        format!(r#"{{"name":"A","pad":"{}"}}"#, "x".repeat(length - frame))
    };
    let limit = 256 * 1024;
    assert_eq!(Answer::of(server.request(Method::POST, "/workspaces").body(body(limit))).await.status, 201);
    let words = Answer::of(server.request(Method::POST, "/workspaces").body(body(limit + 1))).await.refused(413);
    assert!(words.contains("256 KiB"), "{words}");
    server.get("/health/ready").await.ok();
}

#[tokio::test]
async fn an_unknown_path_or_method_is_said_to_be_so() {
    let server = Server::start().await;
    server.call(Method::POST, "/nowhere", json!({})).await.refused(404);
    server.call(Method::PUT, "/workspaces", json!({})).await.refused(405);
    server.get("/workspaces/nobody").await.refused(404);
    server.get("/workspaces/nobody/activity").await.refused(404);
    server.get("/registry/nobody/peers").await.refused(404);
}
