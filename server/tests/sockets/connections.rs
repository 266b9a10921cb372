//! Connections that hold a server's doors open: each has its limit.

use std::time::Duration;

use orrery_server::limits::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::client::PATIENCE;
use crate::support::Server;

/// Everything until the server hangs up.
async fn answer(server: &Server, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.running.addr).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut text = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut text)).await;
    // How it hangs up does not matter.
    let _ = read.expect("the server keeps the connection open");
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn half_a_request_is_not_waited_for() {
    let limits = Limits { head: Duration::from_millis(200), request: Duration::from_millis(300), ..Limits::default() };
    let server = Server::with(|config| config.limits = limits).await;
    for half in
        ["", "G", "GET /workspaces HTTP/1.1\r\nhost: localhost\r\n", "GET /ws HTTP/1.1\r\nupgrade: websocket\r\n"]
    {
        let said = answer(&server, half.as_bytes()).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{half:?}: {said}");
    }
    let body = "POST /workspaces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{\"na";
    let said = answer(&server, body.as_bytes()).await;
    assert!(said.starts_with("HTTP/1.1 408"), "{said}");
    assert_eq!(server.get("/workspaces").await.status, 200);
}

#[tokio::test]
async fn a_head_that_drips_is_not_waited_for_and_a_client_that_rests_is() {
    let limits = Limits { head: Duration::from_millis(300), ..Limits::default() };
    let server = Server::with(|config| config.limits = limits).await;
    let mut resting = TcpStream::connect(server.running.addr).await.unwrap();
    let ask = b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let mut answer = [0; 12];
    resting.write_all(ask).await.unwrap();
    resting.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");

    let mut dripping = TcpStream::connect(server.running.addr).await.unwrap();
    let drip = async {
        while dripping.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, drip).await.expect("it drips for ever");

    // Longer than a head may take.
    tokio::time::sleep(Duration::from_millis(400)).await;
    let mut rest = Vec::new();
    resting.write_all(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    resting.read_to_end(&mut rest).await.unwrap();
    assert_eq!(String::from_utf8(rest).unwrap().matches("HTTP/1.1 200").count(), 1);
}

#[tokio::test]
async fn one_client_too_many_is_told_so_and_a_seat_is_given_back() {
    let server = Server::with(|config| config.limits = Limits { connections: 2, ..Limits::default() }).await;
    let first = server.socket("/ws").await;
    let _second = server.socket("/ws").await;
    let refused = answer(&server, b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    assert!(refused.is_empty() || refused.starts_with("HTTP/1.1 503"), "{refused}");
    drop(first);
    let let_in = async {
        let ask = b"GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        while !answer(&server, ask).await.starts_with("HTTP/1.1 200") {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, let_in).await.expect("the seat was not given back");
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let server = Server::start().await;
    let said = answer(&server, format!("GET / HTTP/1.1\r\nx: {}", "y".repeat(100_000)).as_bytes()).await;
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said}");
}
