//! Limits of WebSockets and of the end of a connection. Those that wait for real time are checked side by side.

use std::path::Path;
use std::time::{Duration, Instant};

use orrery_server::config::Provisioner;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::Row;
use super::connections::{CLOSED, end};
use crate::limits::from;
use crate::support::Server;

/// A WebSocket whose client answers nothing by itself.
async fn silent(server: &Server, path: &str) -> TcpStream {
    let mut stream = from("127.0.0.1", server).await;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.unwrap());
    }
    assert!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));
    stream
}

/// Waits until the server has let go of the socket, which it must not do before the row's seconds have passed since then.
async fn let_go(server: &Server, row: &Row, since: Instant) -> String {
    let metrics = &server.running.app.metrics;
    let is_closed = async {
        while metrics.sockets_closed.get() == 0 {
            sleep(Duration::from_millis(50)).await;
        }
    };
    // Generous: how fast it is does not matter, only that it happens.
    match timeout(Duration::from_secs(60 + 2 * row.amount() as u64), is_closed).await {
        Ok(()) if since.elapsed() >= Duration::from_secs(row.amount() as u64) => CLOSED.into(),
        Ok(()) => format!("closed after {:?}", since.elapsed()),
        Err(_) => "still open".into(),
    }
}

pub async fn silence(row: Row) -> String {
    let server = Server::start().await;
    let since = Instant::now();
    let mut client = silent(&server, "/ws").await;
    let received = let_go(&server, &row, since).await;
    let mut frames = Vec::new();
    client.read_to_end(&mut frames).await.unwrap();
    assert_eq!(frames, [0x89, 0], "it is asked once by a ping");
    received
}

pub async fn takes_nothing(row: Row) -> String {
    let server = Server::start().await;
    let id = server.named("A").await;
    let _client = silent(&server, "/ws?since=").await;
    // More than the system keeps for it, less than may wait for a subscriber.
    let since = Instant::now();
    server.long_tasks(&id, 500, 4_000).await;
    let received = let_go(&server, &row, since).await;
    assert_eq!(server.running.app.metrics.sockets_too_slow.get(), 0);
    received
}

pub async fn answer_to_a_close(row: Row) -> String {
    let server = Server::start().await;
    let mut client = silent(&server, "/ws").await;
    let since = Instant::now();
    // A binary frame.
    client.write_all(&[0x82, 0x80, 0, 0, 0, 0]).await.unwrap();
    let mut frame = [0; 4];
    client.read_exact(&mut frame).await.unwrap();
    assert_eq!((frame[0], u16::from_be_bytes([frame[2], frame[3]])), (0x88, 1003), "it is told why");
    let_go(&server, &row, since).await
}

/// Whether an agent's cursor of before so many events can be resumed.
async fn resumed(events: usize, letters: usize) -> bool {
    let server = Server::start().await;
    let id = server.named("A").await;
    let epoch = server.agent(&id, "/ws?since=").await.json().await["epoch"].as_str().unwrap().to_owned();
    let cursor = format!("{epoch}:{}", server.head().await);
    let mut left = events;
    while left > 0 {
        let some = left.min(1_000);
        server.long_tasks(&id, some as u32, letters).await;
        left -= some;
    }
    server.agent(&id, &format!("/ws?since={cursor}")).await.json().await["resumed"] == true
}

fn outcome(is_resumed: bool) -> String {
    format!("`\"resumed\": {is_resumed}`")
}

pub async fn events_for_an_agent(row: Row) -> String {
    assert!(resumed(row.amount(), 1).await);
    outcome(resumed(row.amount() + 1, 1).await)
}

pub async fn bytes_for_an_agent(row: Row) -> String {
    // Each event has some bytes beside its text.
    let letters = 10_000;
    assert!(resumed(row.amount() / (letters + 500), letters).await);
    outcome(resumed(row.amount() / letters + 1, letters).await)
}

pub async fn rest_of_a_stopping_server(_: Row) -> String {
    let server = Server::with(|config| config.limits.farewell = Duration::from_millis(300)).await;
    let mut stream = from("127.0.0.1", &server).await;
    let half = b"POST /workspaces HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 100\r\n\r\n";
    stream.write_all(half).await.unwrap();
    // It waits for the body.
    let mut answer = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 100"));
    server.stop().await;
    end(&mut stream).await
}

pub async fn end_of_a_process(row: Row) -> String {
    let notes = tempfile::tempdir().unwrap();
    let file = notes.path().join("process");
    let command = format!("trap '' TERM; echo $$ > {}; while :; do sleep 0.1; done", file.display());
    let server = Server::with(|config| config.provisioner = Provisioner::Process(command)).await;
    let id = server.named("A").await;
    let number = async || loop {
        match std::fs::read_to_string(&file) {
            Ok(text) if text.ends_with('\n') => return text.trim().to_owned(),
            _ => sleep(Duration::from_millis(20)).await,
        }
    };
    let process = timeout(Duration::from_secs(60), number()).await.expect("it never began");
    let status = Path::new("/proc").join(process).join("status");
    let lives = || std::fs::read_to_string(&status).is_ok_and(|text| !text.contains("State:\tZ"));
    assert!(lives());
    let since = Instant::now();
    server.delete(&format!("/workspaces/{id}")).await.ok();
    let is_gone = async {
        while lives() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    match timeout(Duration::from_secs(60 + 2 * row.amount() as u64), is_gone).await {
        Ok(()) if since.elapsed() >= Duration::from_secs(row.amount() as u64) => "killed".into(),
        Ok(()) => format!("killed after {:?}", since.elapsed()),
        Err(_) => "still there".into(),
    }
}
