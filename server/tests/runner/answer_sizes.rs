//! Every answer of `data/answer_sizes.json`: what fits is stored, and what does not is asked for only once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use axum::Router;
use axum::extract::Path;
use axum::routing::any;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{ask, ended, execute, step, step_of, with};
use crate::support::Server;

/// Answers `/{bytes}/{depth}` with an A2A message of so many bytes or levels, and counts the calls.
async fn endpoint(calls: Arc<AtomicUsize>) -> String {
    let answer = async move |Path((bytes, depth)): Path<(usize, usize)>| {
        calls.fetch_add(1, Relaxed);
        let nested = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        let message = |text: &str| {
            let parts = format!(r#"[{{"kind":"text","text":"{text}"}},{{"kind":"data","data":{nested}}}]"#);
            format!(r#"{{"result":{{"kind":"message","role":"agent","parts":{parts}}}}}"#)
        };
        message(&"x".repeat(bytes.saturating_sub(message("").len())))
    };
    let router = Router::new().route("/{bytes}/{depth}", any(answer));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_too_large_is_asked_for_only_once() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../data/answer_sizes.json")).unwrap();
    for case in cases {
        let calls = Arc::new(AtomicUsize::new(0));
        let (bytes, depth) = (case["bytes"].as_u64().unwrap_or(0), case["depth"].as_u64().unwrap_or(1));
        let url = format!("{}/{bytes}/{depth}", endpoint(calls.clone()).await);
        let limit = case["limit"].as_u64();
        let set = |config: &mut orrery_server::config::Config| {
            config.outgoing.max_answer = limit.map_or(config.outgoing.max_answer, |limit| limit as usize);
        };
        let server = Server::with(set).await;
        let id = server.named("Ada").await;
        let registration = json!({ "id": id, "url": url, "agent_card": { "name": "Ada" } });
        server.post("/registry/register", registration).await.ok();
        let retries = json!({ "max_retries": 3 });
        let steps = json!([
            with(ask("ask", &id, "hello", &[]), retries.clone()),
            with(step("get", "http", json!({ "url": url }), &[]), retries),
        ]);
        let id = execute(&server, steps, json!({})).await;
        let done = ended(&server, &id).await;
        for name in ["ask", "get"] {
            let step = step_of(&done, name);
            assert_eq!((&step["status"], &step["attempt"]), (&case["status"], &json!(1)), "{case}: {name}");
            if let Some(error) = case["error"].as_str() {
                assert!(step["error_message"].as_str().unwrap().contains(error), "{case}: {step}");
            }
        }
        assert_eq!(calls.load(Relaxed), 2, "{case}: each step asks once");
        if case["status"] == "completed" {
            let text = step_of(&done, "ask")["output_data"]["text"].as_str().unwrap();
            assert!(text.len() as u64 > bytes - 200, "{case}: all of it is stored");
            let log = server.log().await;
            assert!(log.iter().all(|event| event.to_string().len() <= 256 * 1024), "{case}");
            let list = server.get("/api/workflows/executions").await.ok();
            let listed = &step_of(&list[0], "ask")["output_data"];
            assert_eq!(listed["truncated"] == true, bytes > 8 * 1024, "{case}: lists show the start of it");
        }
    }
}
