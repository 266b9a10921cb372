//! Keys: those that an object has twice, and those of requests that are repeated.

use reqwest::Method;
use serde_json::json;

use super::cases;
use crate::support::{Answer, Server};

#[tokio::test]
async fn a_key_that_occurs_twice_is_refused_by_its_name() {
    let server = Server::start().await;
    let id = server.named("A").await;
    let head = server.head().await;
    for case in cases(include_str!("../data/duplicate_keys.json")) {
        let text = |field: &str| case[field].as_str().unwrap().replace("ID", &id);
        let error = server.post_text(&text("path"), text("body")).await.refused(400);
        assert!(error.contains(&format!("the key {:?} occurs twice", text("key"))), "{case}: {error}");
    }
    assert_eq!(server.head().await, head);
    // A heartbeat proves life even so.
    let body = format!(r#"{{"workspace_id":"{id}","note":1,"note":2}}"#);
    server.post_text("/registry/heartbeat", body).await.ok();
}

#[tokio::test]
async fn an_idempotency_key_of_events_belongs_to_one_body() {
    let server = Server::start().await;
    let post = async |server: &Server, key: &str, message: &str| {
        let request = server.request(Method::POST, "/api/events").header("idempotency-key", key);
        Answer::of(request.json(&json!({ "event_type": "progress", "run_id": "r", "message": message }))).await
    };
    let first = post(&server, "schlüssel", "one").await.ok();
    assert_eq!(post(&server, "schlüssel", "one").await.ok(), first);
    post(&server, "schlüssel", "two").await.refused(422);
    assert_ne!(post(&server, "another", "two").await.ok(), first);
    let server = Server::again(server.stop().await, |_| {}).await;
    assert_eq!(post(&server, "schlüssel", "one").await.ok(), first);
    post(&server, "schlüssel", "two").await.refused(422);
    let messages: Vec<_> = server.log().await.into_iter().map(|event| event["message"].clone()).collect();
    assert_eq!(messages, [json!("one"), json!("two")]);
}
