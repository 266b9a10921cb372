//! A real WebSocket client that keeps all it hears. Never reconnects: that is what is being tested elsewhere.

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
    heard: Arc<Mutex<Heard>>,
    reader: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Heard {
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

    /// For callers who expect a refusal: an HTTP answer is `tungstenite::Error::Http`.
    pub async fn try_open(url: &str, headers: &[(&str, &str)]) -> Result<Self, tungstenite::Error> {
        let mut request = url.into_client_request()?;
        for (name, value) in headers {
            let name = name.parse::<tungstenite::http::HeaderName>().expect("a header name");
            request.headers_mut().insert(name, value.parse().expect("a header value"));
        }
        let (stream, _) = tokio_tungstenite::connect_async(request).await?;
        let (outgoing, incoming) = stream.split();
        let heard = Arc::default();
        let reader = tokio::spawn(listen(incoming, Arc::clone(&heard)));
        Ok(Self { outgoing, heard, reader })
    }

    pub async fn send(&mut self, text: &str) {
        self.send_frame(Message::text(text)).await;
    }

    /// Any frame, a binary one or an ill-timed one too. A closed socket is not this call's concern.
    pub async fn send_frame(&mut self, frame: Message) {
        self.outgoing.send(frame).await.ok();
    }

    /// Every text frame so far, as it came.
    pub fn frames(&self) -> Vec<String> {
        self.heard.lock().unwrap().frames.clone()
    }

    /// Every message so far; a frame that holds an array is several.
    pub fn messages(&self) -> Vec<Value> {
        let frames = self.frames();
        let parsed =
            frames.iter().map(|frame| serde_json::from_str(frame).unwrap_or_else(|_| panic!("no JSON: {frame}")));
        parsed.flat_map(|message| if let Value::Array(several) = message { several } else { vec![message] }).collect()
    }

    /// Every event so far, of either family.
    pub fn events(&self) -> Vec<Value> {
        let is_event = |message: &Value| message.get("event").is_some() || message.get("event_type").is_some();
        self.messages().into_iter().filter(is_event).collect()
    }

    /// Waits for a message, heard already or yet to come.
    pub async fn message(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let messages = wait::until(what, async || self.messages(), |messages| messages.iter().any(&wanted)).await;
        messages.into_iter().find(wanted).expect("it was there a moment ago")
    }

    /// Waits for an event of this kind of this workspace.
    pub async fn event(&self, kind: &str, workspace: &str) -> Value {
        let what = format!("{kind} of {workspace}");
        self.message(&what, |message| message["event"] == kind && message["workspace_id"] == workspace).await
    }

    /// Waits until the connection has ended.
    pub async fn end(&self) -> End {
        wait::until_some("the socket to end", async || self.heard.lock().unwrap().end.clone()).await
    }

    pub fn is_open(&self) -> bool {
        self.heard.lock().unwrap().end.is_none()
    }

    /// Stops reading without closing, as a hung client does.
    pub fn stop_reading(&self) {
        self.reader.abort();
    }

    /// Closes politely.
    pub async fn close(mut self) {
        self.outgoing.close().await.ok();
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

async fn listen(mut incoming: SplitStream<Stream>, heard: Arc<Mutex<Heard>>) {
    let end = loop {
        match incoming.next().await {
            Some(Ok(Message::Text(text))) => heard.lock().unwrap().frames.push(text.to_string()),
            Some(Ok(Message::Close(frame))) => {
                let (code, reason) = frame.map_or((1005, String::new()), |it| (it.code.into(), it.reason.to_string()));
                break End::Closed { code, reason };
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => break End::Broken(error.to_string()),
            None => break End::Broken("the stream ended".into()),
        }
    };
    heard.lock().unwrap().end = Some(end);
}
