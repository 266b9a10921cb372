//! A WebSocket client that stores all frames it receives. It does not reconnect.

use std::sync::{Arc, Mutex};

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::wait;

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub struct Socket {
    outgoing: SplitSink<Stream, Message>,
    received: Arc<Mutex<Received>>,
    reader: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Received {
    frames: Vec<String>,
    end: Option<End>,
}

/// How a connection ended.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    Closed {
        code: u16,
        reason: String,
    },
    /// No close frame: the connection broke.
    Broken(String),
}

impl Socket {
    pub async fn open(url: &str, headers: &[(&str, &str)]) -> Self {
        Self::try_open(url, headers).await.unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    /// Returns an error if the server rejects the handshake; an HTTP response is `tungstenite::Error::Http`.
    pub async fn try_open(url: &str, headers: &[(&str, &str)]) -> Result<Self, tungstenite::Error> {
        let mut request = url.into_client_request()?;
        for (name, value) in headers {
            let name = name.parse::<tungstenite::http::HeaderName>().expect("a header name");
            request.headers_mut().insert(name, value.parse().expect("a header value"));
        }
        let (stream, _) = tokio_tungstenite::connect_async(request).await?;
        let (outgoing, incoming) = stream.split();
        let received = Arc::default();
        let reader = tokio::spawn(receive_frames(incoming, Arc::clone(&received)));
        Ok(Self { outgoing, received, reader })
    }

    pub async fn send(&mut self, text: &str) {
        self.send_frame(Message::text(text)).await;
    }

    /// Sends any frame, also on a closed socket.
    pub async fn send_frame(&mut self, frame: Message) {
        self.outgoing.send(frame).await.ok();
    }

    /// Returns every text frame received so far.
    pub fn frames(&self) -> Vec<String> {
        self.received.lock().unwrap().frames.clone()
    }

    /// Returns every message received so far; a frame with an array has several.
    pub fn messages(&self) -> Vec<Value> {
        let frames = self.frames();
        let parsed =
            frames.iter().map(|frame| serde_json::from_str(frame).unwrap_or_else(|_| panic!("no JSON: {frame}")));
        parsed.flat_map(|message| if let Value::Array(several) = message { several } else { vec![message] }).collect()
    }

    /// Returns every event received so far, of either family.
    pub fn events(&self) -> Vec<Value> {
        let is_event = |message: &Value| message.get("event").is_some() || message.get("event_type").is_some();
        self.messages().into_iter().filter(is_event).collect()
    }

    /// Waits for a message, which may have been received already.
    pub async fn message(&self, what: &str, is_match: impl Fn(&Value) -> bool) -> Value {
        let messages = wait::until(what, async || self.messages(), |messages| messages.iter().any(&is_match)).await;
        messages.into_iter().find(is_match).expect("it was there a moment ago")
    }

    /// Waits for an event of this kind of this workspace.
    pub async fn event(&self, kind: &str, workspace: &str) -> Value {
        let what = format!("{kind} of {workspace}");
        self.message(&what, |message| message["event"] == kind && message["workspace_id"] == workspace).await
    }

    /// Waits until the connection has ended.
    pub async fn end(&self) -> End {
        wait::until_some("the socket to end", async || self.received.lock().unwrap().end.clone()).await
    }

    pub fn is_open(&self) -> bool {
        self.received.lock().unwrap().end.is_none()
    }

    /// Stops reading without closing, as a hung client does.
    pub fn stop_reading(&self) {
        self.reader.abort();
    }

    /// Sends a close frame.
    pub async fn close(mut self) {
        self.outgoing.close().await.ok();
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

async fn receive_frames(mut incoming: SplitStream<Stream>, received: Arc<Mutex<Received>>) {
    let end = loop {
        match incoming.next().await {
            Some(Ok(Message::Text(text))) => received.lock().unwrap().frames.push(text.to_string()),
            Some(Ok(Message::Close(frame))) => {
                let (code, reason) = frame.map_or((1005, String::new()), |it| (it.code.into(), it.reason.to_string()));
                break End::Closed { code, reason };
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => break End::Broken(error.to_string()),
            None => break End::Broken("the stream ended".into()),
        }
    };
    received.lock().unwrap().end = Some(end);
}
