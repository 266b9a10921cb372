//! What one address and one workspace may take, and that the others do not notice. Never the figures of the defaults.

use orrery_server::limits::Limits;
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::sockets::client::{Client, PATIENCE};
use crate::support::{Answer, Server};

async fn limited(limits: Limits) -> Server {
    Server::with(|config| config.limits = Limits { counts_loopback: true, ..limits }).await
}

/// A connection from this address of the loopback network.
pub async fn from(address: &str, server: &Server) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    // Little enough that the system cannot take a long answer for it.
    socket.set_recv_buffer_size(4096).unwrap();
    socket.bind(format!("{address}:0").parse().unwrap()).unwrap();
    socket.connect(server.running.addr).await.unwrap()
}

/// What is answered; nothing when the server hangs up.
pub async fn ask(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let ask = async {
        stream.write_all(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n").await.ok();
        let mut buffer = [0; 4096];
        while !text.ends_with(b"}") {
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(read) => text.extend(&buffer[..read]),
            }
        }
    };
    timeout(PATIENCE, ask).await.expect("neither an answer nor an end");
    String::from_utf8(text).unwrap()
}

fn is_refused(answer: &str) -> bool {
    answer.is_empty() || answer.starts_with("HTTP/1.1 429")
}

#[tokio::test]
async fn an_address_holds_so_many_connections_and_another_is_let_in() {
    let server = limited(Limits { address_connections: 3, ..Limits::default() }).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut stream = from("127.0.0.2", &server).await;
        assert!(ask(&mut stream).await.starts_with("HTTP/1.1 200"));
        held.push(stream);
    }
    assert!(is_refused(&ask(&mut from("127.0.0.2", &server).await).await));
    assert!(ask(&mut from("127.0.0.3", &server).await).await.starts_with("HTTP/1.1 200"));
    held.pop();
    let let_in = async {
        while is_refused(&ask(&mut from("127.0.0.2", &server).await).await) {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, let_in).await.expect("the place was not given back");
}

#[tokio::test]
async fn an_address_that_connects_too_often_waits_and_one_that_stays_does_not() {
    let server = limited(Limits { address_handshakes: 2, ..Limits::default() }).await;
    let mut staying = from("127.0.0.2", &server).await;
    let mut refused = 0;
    for _ in 0..60 {
        refused += u32::from(is_refused(&ask(&mut from("127.0.0.2", &server).await).await));
        assert!(ask(&mut staying).await.starts_with("HTTP/1.1 200"));
    }
    assert!((1..60).contains(&refused), "{refused}");
    assert!(ask(&mut from("127.0.0.3", &server).await).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_workspace_that_asks_too_much_is_told_when_to_come_back() {
    let server = limited(Limits { workspace_requests: 1, ..Limits::default() }).await;
    let loud = server.named("loud").await;
    let quiet = server.named("quiet").await;
    let ask = async |id: &str| {
        let request = server.request(Method::POST, "/registry/heartbeat").header("x-workspace-id", id);
        Answer::of(request.json(&json!({ "workspace_id": id, "error_rate": 0.0, "sample_error": "", "active_tasks": 0,
            "uptime_seconds": 1, "current_task": "" })))
        .await
    };
    let mut told = None;
    for _ in 0..200 {
        let answer = ask(&loud).await;
        if answer.status == 429 {
            told = Some(answer);
            break;
        }
        assert_eq!(answer.status, 200);
    }
    let told = told.expect("it is never told to wait");
    let wait: u64 = told.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!(wait >= 1);
    let words = told.refused(429);
    assert!(words.contains(&loud) && words.contains("too many requests"), "{words}");
    let handshake = Client::open(&server, "/ws", &[("x-workspace-id", &loud)]).await;
    assert_eq!(handshake.err().map(|(status, _)| status), Some(429));
    ask(&quiet).await.ok();
    server.get("/workspaces").await.ok();
    tokio::time::sleep(std::time::Duration::from_secs(wait)).await;
    ask(&loud).await.ok();
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answer_is_let_go() {
    let limits = Limits { write: std::time::Duration::from_millis(300), connections: 3, ..Limits::default() };
    let server = limited(limits).await;
    for _ in 0..20 {
        let body = json!({ "name": "x", "config": { "much": "y".repeat(200_000) } });
        server.create(body).await;
    }
    let mut stuck = from("127.0.0.2", &server).await;
    stuck.write_all(b"GET /events?limit=1000 HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    // Its seat is free again although it never reads and never goes: beside the test's own client there are two.
    let let_in = async {
        loop {
            let (mut one, mut other) = (from("127.0.0.3", &server).await, from("127.0.0.4", &server).await);
            if ask(&mut one).await.starts_with("HTTP/1.1 200") && ask(&mut other).await.starts_with("HTTP/1.1 200") {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, let_in).await.expect("the one that never reads keeps its seat");
}

#[tokio::test]
async fn every_answer_forbids_what_a_browser_need_not_do() {
    let server = Server::with(|config| config.admin_token = Some("the-operators-own-token".into())).await;
    for (method, path) in
        [("GET", "/"), ("GET", "/workspaces"), ("GET", "/health/live"), ("GET", "/nothing/here"), ("POST", "/session")]
    {
        let answer = Answer::of(server.request(method.parse().unwrap(), path)).await;
        let header = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default();
        let policy = header("content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'") && !policy.contains('*'));
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert!(answer.headers.get("server").is_none() && answer.headers.get("access-control-allow-origin").is_none());
    }
}
