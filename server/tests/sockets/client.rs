//! A WebSocket client that can be asked what it heard, with generous deadlines. Never an assertion about the product.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderName;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async};

use crate::support::Server;

/// Longer than anything takes on a busy machine, shorter than a person's patience.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Client {
    pub socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

#[derive(Debug, PartialEq)]
pub enum Heard {
    Json(Value),
    Closed(u16, String),
    Gone,
}

impl Client {
    /// The refusal's status and body when there is no socket.
    pub async fn open(server: &Server, path: &str, headers: &[(&str, &str)]) -> Result<Self, (u16, Value)> {
        let mut request = format!("ws://{}{path}", server.running.addr).into_client_request().unwrap();
        for (name, value) in headers {
            let name: HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let stream = TcpStream::connect(server.running.addr).await.unwrap();
        match client_async(request, MaybeTlsStream::Plain(stream)).await {
            Ok((socket, _)) => Ok(Self { socket }),
            Err(tungstenite::Error::Http(response)) => {
                let body = response.body().as_deref().unwrap_or_default();
                Err((response.status().as_u16(), serde_json::from_slice(body).unwrap_or_default()))
            }
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn say(&mut self, text: &str) {
        self.send(Message::text(text.to_owned())).await;
    }

    pub async fn send(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    pub async fn hear(&mut self) -> Heard {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("nothing was heard for a long time") {
                Some(Ok(Message::Text(text))) => return Heard::Json(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Heard::Closed(frame.code.into(), frame.reason.to_string());
                }
                Some(Ok(Message::Close(None))) => return Heard::Closed(1005, String::new()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::Gone,
            }
        }
    }

    /// The next frame, which must be JSON.
    #[track_caller]
    pub fn json(&mut self) -> impl Future<Output = Value> + '_ {
        let caller = std::panic::Location::caller();
        async move {
            match self.hear().await {
                Heard::Json(value) => value,
                other => panic!("a message was expected at {caller}, not {other:?}"),
            }
        }
    }

    /// The next events, heartbeats left out.
    pub async fn events(&mut self, count: usize) -> Vec<Value> {
        let mut events = Vec::new();
        while events.len() < count {
            match self.json().await {
                Value::Array(batch) => events.extend(batch),
                message if message["type"] == "heartbeat" => {}
                event => events.push(event),
            }
        }
        events
    }

    pub async fn seqs(&mut self, count: usize) -> Vec<u64> {
        self.events(count).await.iter().map(|event| event["seq"].as_u64().unwrap()).collect()
    }

    /// Everything up to the close, and the close.
    pub async fn all(&mut self) -> (Vec<Value>, Heard) {
        let mut heard = Vec::new();
        loop {
            match self.hear().await {
                Heard::Json(Value::Array(batch)) => heard.extend(batch),
                Heard::Json(value) => heard.push(value),
                end => return (heard, end),
            }
        }
    }
}
