//! JSON that no caller sends as a body: what sockets say, what agents and `http` steps answer, and what variables hold.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use serde_json::{Value, json};

use crate::runner::{ask, ended, execute, step, step_of};
use crate::sockets::client::Heard;
use crate::support::Server;

/// Answers every request with the text that is set at the time.
async fn answering() -> (String, Arc<Mutex<String>>) {
    let text: Arc<Mutex<String>> = Arc::default();
    let answer = async |State(text): State<Arc<Mutex<String>>>| text.lock().unwrap().clone();
    let router = Router::new().fallback(answer).with_state(text.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, text)
}

fn nested(depth: usize, inner: &str) -> String {
    format!("{}{inner}{}", r#"{"a":"#.repeat(depth), "}".repeat(depth))
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_agents_and_http_steps_are_limited_and_the_server_starts_again() {
    let mut server = Server::start().await;
    let (url, answer) = answering().await;
    let id = server.named("A").await;
    let card = json!({ "id": id, "url": url, "agent_card": {} });
    server.post("/registry/register", card).await.ok();
    for (depth, is_kept) in [(1, true), (63, true), (64, true), (65, false), (126, false), (127, false), (200, false)] {
        *answer.lock().unwrap() = nested(depth, r#""\ud83d""#);
        let get = json!([step("get", "http", json!({ "url": url }), &[])]);
        let execution = ended(&server, &execute(&server, get, json!({})).await).await;
        let got = step_of(&execution, "get");
        assert_eq!(got["status"] == "completed", is_kept, "{depth}: {got}");
        if !is_kept {
            assert!(got["error_message"].as_str().unwrap().contains("64 levels"), "{got}");
        }
        *answer.lock().unwrap() = format!(
            r#"{{"jsonrpc":"2.0","id":1,"result":{{"kind":"message","parts":[{{"kind":"text","text":"ok"}}],"metadata":{}}}}}"#,
            nested(depth, "1")
        );
        let steps = json!([ask("ask", &id, "hello", &[])]);
        let execution = ended(&server, &execute(&server, steps, json!({})).await).await;
        let asked = step_of(&execution, "ask");
        assert_eq!(asked["status"] == "completed", depth <= 62, "{depth}: {asked}");
        server = Server::again(server.stop().await, |_| {}).await;
        server.assert_all_reads_answer().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_are_as_deep_as_any_body_and_stay_readable_in_every_event() {
    let server = Server::start().await;
    let (url, answer) = answering().await;
    *answer.lock().unwrap() = nested(64, "1");
    let deep: Value = serde_json::from_str(&nested(40, "1")).unwrap();
    for (depth, status) in [(24, "completed"), (25, "failed")] {
        // A variable inside the body of a request: deeper together than either alone.
        let body = (0..depth).fold(json!("${x}"), |inner, _| json!([inner]));
        let steps = json!([
            step("get", "http", json!({ "url": url }), &[]),
            step("post", "http", json!({ "url": url, "method": "POST", "body": body }), &["get"]),
        ]);
        let execution = ended(&server, &execute(&server, steps, json!({ "x": deep })).await).await;
        let post = step_of(&execution, "post");
        assert_eq!(post["status"], status, "{post}");
        let words = post["error_message"].as_str().unwrap_or_default();
        assert_eq!(words.contains("64 levels"), status == "failed", "{words}");
    }
    let server = Server::again(server.stop().await, |_| {}).await;
    server.assert_all_reads_answer().await;
}

#[tokio::test]
async fn a_socket_that_says_too_much_is_told_so_and_lives() {
    let server = Server::start().await;
    for path in ["/ws", "/ws/stream"] {
        let mut socket = server.socket(path).await;
        for depth in [65, 128, 2_000] {
            socket.say(&format!("{}{}", "[".repeat(depth), "]".repeat(depth))).await;
            let answer = socket.json().await;
            assert!(answer["error"].as_str().unwrap().contains("64 levels"), "{path}: {answer}");
        }
        socket.say(&format!("\"{}", "é".repeat(1_500))).await;
        let answer = socket.json().await["error"].as_str().unwrap().to_owned();
        assert!(answer.matches('é').count() <= 100, "{answer}");
        socket.say(&format!(r#"{{"type":"{}"}}"#, "é".repeat(1_500))).await;
        if path == "/ws/stream" {
            let answer = socket.json().await["error"].as_str().unwrap().to_owned();
            assert!(answer.matches('é').count() <= 100, "{answer}");
            socket.say(r#"{"type":"subscribe","payload":{"taskId":"t"}}"#).await;
            assert!(matches!(socket.hear().await, Heard::Json(answer) if answer["type"] == "subscribed"));
        }
    }
}
