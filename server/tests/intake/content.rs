//! Content types and compressed bodies.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::Method;
use serde_json::json;

use super::cases;
use crate::support::{Answer, Server};

#[tokio::test]
async fn one_rule_of_content_types_holds_for_all_routes() {
    let server = Server::start().await;
    for case in cases(include_str!("../data/content_types.json")) {
        for (route, path, body) in [
            ("route", "/workspaces", r#"{"name":"A"}"#),
            ("events", "/api/events", r#"{"event_type":"progress","run_id":"r"}"#),
        ] {
            let request = server.request(Method::POST, path).body(body);
            let answer = Answer::of(match case["type"].as_str() {
                Some(media_type) => request.header("content-type", media_type),
                None => request,
            });
            let answer = answer.await;
            assert_eq!(u64::from(answer.status), case[route].as_u64().unwrap(), "{path} {case}: {}", answer.body);
            if answer.status == 415 && !case["type"].as_str().unwrap().contains("charset") {
                assert!(answer.refused(415).contains("application/json"), "{case}");
            }
        }
    }
    // Without a body there is nothing to read.
    let id = server.named("A").await;
    let restart = server.request(Method::POST, &format!("/workspaces/{id}/restart"));
    Answer::of(restart.header("content-type", "application/xml")).await.ok();
}

#[tokio::test]
async fn a_json_array_of_events_is_answered_like_lines() {
    let server = Server::start().await;
    let body = r#"[{"event_type":"progress","run_id":"a"}, 7, {"event_type":"progress","run_id":"b"}]"#;
    let answer = server.post_text("/api/events", body).await;
    assert_eq!((answer.status, answer.body.as_array().unwrap().len()), (207, 3));
    assert!(answer.body[1]["error"].is_string());
    assert_eq!(server.log().await.len(), 2);
    assert_eq!(server.post_text("/api/events", "[]").await.ok(), json!([]));
    server.post_text("/api/events", "[{").await.refused(400);
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn gzip_bodies_are_read_up_to_the_limit_of_a_body() {
    const LIMIT: usize = 256 * 1024;
    let server = Server::start().await;
    let send = async |path: &str, encoding: &str, body: Vec<u8>| {
        let request = server.request(Method::POST, path).header("content-type", "application/json");
        Answer::of(request.header("content-encoding", encoding).body(body)).await
    };
    let sized = |length: usize| {
        let around = r#"{"name":"A","note":""}"#.len();
        format!(r#"{{"name":"A","note":"{}"}}"#, "x".repeat(length - around)).into_bytes()
    };
    send("/workspaces", "gzip", gzip(&sized(200))).await.ok();
    send("/workspaces", "GZIP", gzip(&sized(LIMIT))).await.ok();
    send("/workspaces", "gzip", gzip(&sized(LIMIT + 1))).await.refused(413);
    send("/workspaces", "gzip", gzip(&sized(100 * LIMIT))).await.refused(413);
    send("/workspaces", "identity", sized(200)).await.ok();
    send("/workspaces", "gzip", sized(200)).await.refused(400);
    assert!(send("/workspaces", "br", sized(200)).await.refused(415).contains("gzip"));
    send("/api/events", "gzip", gzip(br#"{"event_type":"progress"}"#)).await.ok();
    let id = server.named("B").await;
    send("/registry/heartbeat", "gzip", gzip(json!({ "workspace_id": id }).to_string().as_bytes())).await.ok();
}
