//! The head of a request: its size, its `Host`, and a path and query that are text. Every error is JSON.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::Server;

/// Sends the bytes and returns the status and body of the answer.
async fn raw(server: &Server, request: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(server.running.addr).await.unwrap();
    // The server may answer and close before it has read everything.
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer:?}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or_default())
}

#[tokio::test]
async fn a_request_has_exactly_one_host() {
    let server = Server::start().await;
    let host = server.running.addr;
    let ask = |headers: &str| format!("GET /health/live HTTP/1.1\r\n{headers}connection: close\r\n\r\n");
    assert_eq!(raw(&server, &ask(&format!("host: {host}\r\n"))).await.0, 200);
    for bad in
        ["", &format!("host: {host}\r\nhost: {host}\r\n"), "host: a\r\nHost: b\r\n", "host: a/b\r\n", "host: a b\r\n"]
    {
        let (status, body) = raw(&server, &ask(bad)).await;
        assert_eq!(status, 400, "{bad:?}");
        assert!(body["error"].as_str().unwrap().contains("Host"), "{body}");
    }
    // Before HTTP/1.1 there was no such header.
    assert_eq!(raw(&server, "GET /health/live HTTP/1.0\r\n\r\n").await.0, 200);
}

#[tokio::test]
async fn the_limit_of_a_head_is_exact() {
    let server = Server::start().await;
    const LIMIT: usize = 64 * 1024;
    let ask = |length: usize| {
        let head =
            format!("GET /health/live HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nx-pad: ", server.running.addr);
        format!("{head}{}\r\n\r\n", "x".repeat(length - head.len() - 4))
    };
    assert_eq!(raw(&server, &ask(LIMIT)).await.0, 200);
    let (status, body) = raw(&server, &ask(LIMIT + 1)).await;
    assert_eq!(status, 431);
    assert!(body["error"].as_str().unwrap().contains("64 KiB"), "{body}");
    for length in [LIMIT + 1000, 4 * LIMIT] {
        assert_eq!(raw(&server, &ask(length)).await.0, 431, "{length}");
    }
    let fields = "x: y\r\n".repeat(101);
    let many = format!("GET /health/live HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{fields}\r\n");
    assert_eq!(raw(&server, &many).await.0, 431);
    server.get("/health/ready").await.ok();
}

#[tokio::test]
async fn a_path_or_query_that_is_not_text_is_refused_in_json() {
    let server = Server::start().await;
    let id = server.named("A").await;
    let paths = [
        "/workspaces/%ff".to_owned(),
        "/workspaces/%00".into(),
        "/api/workflows/%ff".into(),
        "/api/workflows/executions/%c3%28".into(),
        "/api/runs/a%00b".into(),
        "/events/%ff".into(),
        "/registry/%ff/peers".into(),
        "/%ff".into(),
        format!("/workspaces/{id}/activity?type=%00"),
        format!("/workspaces/{id}/activity?type=a%00b&source=x"),
        format!("/workspaces/{id}/activity?source=%ff"),
        "/api/workflows/executions?status=%00".into(),
        "/api/workflows/executions?status=%FF".into(),
        "/events?since=%00".into(),
        "/workspaces?%00".into(),
    ];
    for path in paths {
        let answer = server.get(&path).await;
        assert_eq!(answer.headers["content-type"], "application/json", "{path}");
        assert!(!answer.refused(400).is_empty(), "{path}");
    }
    for path in ["/workspaces/%ff", "/ws/tasks/%ff", "/api/workflows/executions/%ff/steps/%ff/approve"] {
        let answer = server.post_text(path, "{}").await;
        assert!(answer.body["error"].is_string(), "{path}: {}", answer.body);
    }
    // Other text is fine.
    server.get(&format!("/workspaces/{id}/activity?type=%C3%A9%20%F0%9F%98%80%0A")).await.ok();
}

#[tokio::test]
async fn an_error_repeats_at_most_200_bytes_of_what_was_sent() {
    let server = Server::start().await;
    let id = server.named("A").await;
    let long = "é".repeat(5_000);
    let text = format!("\"{long}\"");
    let mut answers = Vec::new();
    for path in ["/workspaces", "/api/workflows", "/api/tasks", "/api/events", "/registry/register", "/session"] {
        for body in [
            text.clone(),
            long.clone(),
            format!("{{{text}:1}}"),
            format!(r#"{{"name":{text}}}"#),
            format!(r#"{{"name":"n","tier":{text},"steps":{text}}}"#),
            format!(r#"{{"event_type":"a","id":{text}}}"#),
            format!(r#"{{"event_type":"a","run_id":{text},"timestamp":{text}}}"#),
            format!(r#"{{"name":"n","config":{{{text}:{{{text}:[1e999]}}}},"parent_id":{text}}}"#),
            format!(r#"{{"name":"n","steps":[{{"name":"s","step_type":{text},"config":{{}}}}]}}"#),
            format!(r#"{{"name":"n","steps":[{{"name":"s","step_type":"http","config":{{"method":{text}}}}}]}}"#),
            format!(r#"{{"name":"n","steps":[{{"name":"s","step_type":"wait","config":{{"seconds":{text}}}}}]}}"#),
            format!(r#"{{"name":"n","steps":[{{"name":"s","step_type":"condition","condition_expression":{text}}}]}}"#),
            format!(
                r#"{{"name":"n","steps":[{{"name":"s","step_type":"wait","config":{{"seconds":1}},"depends_on_steps":[{text}]}}]}}"#
            ),
            format!(r#"{{"id":"{id}","url":{text},"agent_card":{{}}}}"#),
        ] {
            answers.push((path.to_owned(), server.post_text(path, body).await.body.to_string()));
        }
    }
    let x = "x".repeat(5_000);
    for path in [
        format!("/workspaces/{x}"),
        format!("/api/workflows/{x}"),
        format!("/api/workflows/executions/{x}"),
        format!("/api/runs/{x}"),
        format!("/events?since={x}"),
        format!("/events?limit={x}"),
        format!("/workspaces/{id}/activity?before={x}"),
        format!("/api/workflows/executions?workflow_id={x}"),
        format!("/{x}"),
    ] {
        answers.push((path.clone(), server.get(&path).await.body.to_string()));
    }
    for (path, body) in answers {
        let repeated = body.matches('é').count() * 'é'.len_utf8() + body.matches("xx").count() * 2;
        assert!(repeated <= 200, "{} repeats {repeated} bytes: {body}", &path[..path.len().min(60)]);
    }
}
