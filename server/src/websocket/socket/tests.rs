//! A socket against a raw TCP client: what waits, what is forgotten, what arrives. Never the codec itself.

use std::future::poll_fn;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

async fn pair() -> (Socket, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    (Socket::new(server, Bytes::new()), client)
}

async fn flush(socket: &mut Socket) {
    while socket.has_unsent() {
        poll_fn(|context| socket.poll_write(context)).await.unwrap();
    }
}

#[tokio::test]
async fn a_frame_joined_from_pieces_is_one_frame() {
    let (mut socket, mut client) = pair().await;
    let pieces = ["[", "1", "", ",", "2", "]"].map(|piece| Bytes::from_static(piece.as_bytes()));
    socket.send_joined(&pieces);
    socket.send(OutFrame::text("next"));
    flush(&mut socket).await;
    drop(socket);
    let mut bytes = Vec::new();
    client.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(bytes, b"\x81\x05[1,2]\x81\x04next");
}

#[tokio::test]
async fn what_came_with_the_handshake_is_read_first() {
    let (server, mut client) = pair().await;
    let mut socket = Socket::new(server.stream, Bytes::from_static(b"\x89\x80\0\0\0\0"));
    client.write_all(b"\x8a\x80\0\0\0\0").await.unwrap();
    let mut found = Vec::new();
    while found.len() < 2 {
        poll_fn(|context| socket.poll_read(context, &mut found)).await.unwrap();
    }
    assert_eq!(found, [Incoming::Ping(Vec::new()), Incoming::Pong]);
    drop(client);
    let end = poll_fn(|context| socket.poll_read(context, &mut found)).await;
    assert!(matches!(end, Err(Broken::Gone)));
}
