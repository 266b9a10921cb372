//! What clients should not say: the right close code, and the server lives.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::MaybeTlsStream;
use tokio_tungstenite::tungstenite::Message;

use super::client::{Client, Heard};
use crate::support::Server;

async fn raw(client: &mut Client, bytes: &[u8]) {
    let MaybeTlsStream::Plain(stream) = client.socket.get_mut() else { panic!("tests speak plainly") };
    stream.write_all(bytes).await.unwrap();
}

#[tokio::test]
async fn each_fault_has_its_code() {
    let server = Server::start().await;
    let masked = |first: u8, length: u8| vec![first, 0x80 | length, 0, 0, 0, 0];
    let cases: [(Vec<u8>, u16); 6] = [
        (masked(0x82, 0), 1003),
        (vec![0x81, 0x80 | 126, 0x10, 0x01], 1009),
        ([masked(0x81, 1), vec![0xFF]].concat(), 1007),
        (vec![0x81, 0x01, b'x'], 1002),
        (masked(0x80, 0), 1002),
        (masked(0xC1, 0), 1002),
    ];
    for (bytes, code) in cases {
        let mut client = server.socket("/ws").await;
        raw(&mut client, &bytes).await;
        match client.hear().await {
            Heard::Closed(closed, words) => assert!(closed == code && !words.is_empty(), "{closed} {words}"),
            other => panic!("{code}: {other:?}"),
        }
    }
    let mut client = server.socket("/ws").await;
    server.workspace("still here", None).await;
    assert_eq!(client.json().await["event"], "WORKSPACE_PROVISIONING");
}

#[tokio::test]
async fn text_on_ws_is_none_of_its_business_unless_it_is_broken() {
    let server = Server::start().await;
    let mut client = server.socket("/ws").await;
    client.say(r#"{"type":"ping"}"#).await;
    client.say(&json!({ "type": "subscribe", "filler": "x".repeat(3_900) }).to_string()).await;
    client.say("{nonsense").await;
    let answer = client.json().await;
    assert_eq!(answer["type"], "error");
    server.workspace("still here", None).await;
    assert_eq!(client.json().await["event"], "WORKSPACE_PROVISIONING");
}

#[tokio::test]
async fn a_ping_is_answered_with_what_it_carried() {
    use futures_util::StreamExt;
    let server = Server::start().await;
    let mut client = server.socket("/ws").await;
    client.send(Message::Ping("are you there".into())).await;
    let answer = client.socket.next().await.unwrap().unwrap();
    assert_eq!(answer, Message::Pong("are you there".into()));
}

#[tokio::test]
async fn a_close_is_answered_and_the_connection_ends() {
    let server = Server::start().await;
    let mut client = server.socket("/ws").await;
    raw(&mut client, &[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]).await;
    let MaybeTlsStream::Plain(stream) = client.socket.get_mut() else { panic!("tests speak plainly") };
    let mut rest = Vec::new();
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, [0x88, 2, 0x03, 0xE8]);
    stream.shutdown().await.unwrap();
    stream.read_to_end(&mut rest).await.unwrap();
    assert!(rest.is_empty());
}
