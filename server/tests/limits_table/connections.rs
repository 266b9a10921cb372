//! Limits of connections and sockets.

use std::time::Duration;

use orrery_server::limits::Limits;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::Row;
use crate::limits::{ask, from};
use crate::sockets::client::{Heard, PATIENCE};
use crate::support::Server;

pub const CLOSED: &str = "connection closed";

async fn limited(limits: Limits) -> Server {
    Server::with(|config| config.limits = Limits { counts_loopback: true, ..limits }).await
}

/// The status of the first connection that is not served, of at most 60 that are kept open or not.
async fn first_refusal(server: &Server, keeps: bool) -> String {
    let mut kept = Vec::new();
    for _ in 0..60 {
        let mut stream = from("127.0.0.2", server).await;
        let answer = ask(&mut stream).await;
        // Whoever is refused may find the connection gone before the words are read.
        if !answer.is_empty() && !answer.starts_with("HTTP/1.1 200") {
            return answer.split(' ').nth(1).unwrap().to_owned();
        }
        if keeps {
            kept.push(stream);
        }
    }
    "never refused".into()
}

pub async fn all(_: Row) -> String {
    first_refusal(&limited(Limits { connections: 3, ..Limits::default() }).await, true).await
}

pub async fn of_an_address(_: Row) -> String {
    first_refusal(&limited(Limits { address_connections: 3, ..Limits::default() }).await, true).await
}

pub async fn opened_by_an_address(_: Row) -> String {
    first_refusal(&limited(Limits { address_handshakes: 1, ..Limits::default() }).await, false).await
}

/// Waits for the end of a connection on which nothing more is said.
pub async fn end(stream: &mut TcpStream) -> String {
    let mut rest = Vec::new();
    match timeout(PATIENCE, stream.read_to_end(&mut rest)).await {
        Err(_) => "still open".into(),
        Ok(_) if rest.is_empty() => CLOSED.into(),
        Ok(_) => String::from_utf8_lossy(&rest).into(),
    }
}

pub async fn time_for_a_head(_: Row) -> String {
    let server = limited(Limits { head: Duration::from_millis(200), ..Limits::default() }).await;
    let mut stream = from("127.0.0.2", &server).await;
    stream.write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\nx-slow: ").await.unwrap();
    end(&mut stream).await
}

pub async fn rest(_: Row) -> String {
    let server = limited(Limits { rest: Duration::from_millis(200), ..Limits::default() }).await;
    let mut stream = from("127.0.0.2", &server).await;
    assert!(ask(&mut stream).await.starts_with("HTTP/1.1 200"));
    end(&mut stream).await
}

pub async fn takes_nothing(_: Row) -> String {
    let server = limited(Limits { write: Duration::from_millis(300), ..Limits::default() }).await;
    for _ in 0..20 {
        server.create(json!({ "name": "x", "config": { "much": "y".repeat(200_000) } })).await;
    }
    let others = server.running.app.metrics.connections.get();
    let mut stuck = from("127.0.0.2", &server).await;
    assert!(ask(&mut stuck).await.starts_with("HTTP/1.1 200"));
    assert!(server.running.app.metrics.connections.get() > others);
    stuck.write_all(b"GET /events?limit=1000 HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let is_closed = async {
        while server.running.app.metrics.connections.get() > others {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    match timeout(PATIENCE, is_closed).await {
        Ok(()) => CLOSED.into(),
        Err(_) => "still open".into(),
    }
}

pub async fn subscriber_behind(row: Row) -> String {
    let server = Server::start().await;
    let id = server.workspace("A", None).await;
    let mut slow = server.socket("/ws?since=").await;
    slow.json().await;
    // What the system keeps for it comes on top.
    for _ in 0..6 * row.amount() / (500 * 4_000) {
        server.long_tasks(&id, 500, 4_000).await;
    }
    closed(slow.all().await.1)
}

pub async fn message(row: Row) -> String {
    let server = Server::start().await;
    let mut fits = server.socket("/ws").await;
    fits.send(Message::text("x".repeat(row.amount()))).await;
    assert_eq!(fits.json().await["type"], "error", "it is no JSON, and is read");
    let mut client = server.socket("/ws").await;
    client.send(Message::text("x".repeat(row.amount() + 1))).await;
    closed(client.hear().await)
}

fn closed(end: Heard) -> String {
    match end {
        Heard::Closed(code, _) => code.to_string(),
        other => format!("{other:?}"),
    }
}
