//! A page's WebSocket: the hello, then every event from its cursor on, in batches when it requested them.

use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use orrery_protocol::message::{Hello, ServerMessage};
use orrery_protocol::{Cursor, Epoch, Seq};
use serde_json::json;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use crate::event_stream::{EPOCH, EventStream};

type Socket = WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>;

#[derive(Clone)]
struct Subscription {
    since: Since,
    batch: bool,
}

#[derive(Clone)]
enum Since {
    /// A plain socket: live from now on, without a hello (section 10.3 of docs/protocol.md).
    Live,
    /// With a hello, and live from its head on.
    Head,
    Cursor(Cursor),
}

/// Events in one frame at most.
const BATCH: usize = 256;

pub async fn open(
    State(stream): State<Arc<EventStream>>,
    Query(query): Query<Vec<(String, String)>>,
    mut request: Request,
) -> Response {
    let parameter = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let since = parameter("since").map_or(Since::Live, |text| text.parse().map_or(Since::Head, Since::Cursor));
    let subscription = Subscription { since, batch: parameter("batch") == Some("1") };
    let key = request.headers().get(header::SEC_WEBSOCKET_KEY).map(|key| derive_accept_key(key.as_bytes()));
    let (Some(key), Some(upgrade)) = (key, request.extensions_mut().remove::<OnUpgrade>()) else {
        return StatusCode::UPGRADE_REQUIRED.into_response();
    };
    tokio::spawn(async move {
        let Ok(upgraded) = upgrade.await else { return };
        let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
        // A page that closes its socket is no error.
        let _ = serve(socket, &stream, subscription).await;
    });
    let headers = [
        (header::CONNECTION, "Upgrade".to_owned()),
        (header::UPGRADE, "websocket".to_owned()),
        (header::SEC_WEBSOCKET_ACCEPT, key),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

async fn serve(socket: Socket, stream: &EventStream, subscription: Subscription) -> Result<(), Error> {
    let (mut sink, mut source) = socket.split();
    let (mut head, mut dropped) = (stream.head.subscribe(), stream.dropped.subscribe());
    dropped.mark_unchanged();
    let (mut last, hello) = hello(stream, &subscription);
    if let Some(hello) = hello {
        sink.send(Message::text(hello)).await?;
    }
    loop {
        head.mark_unchanged();
        let frames = stream.lock().frames_after(last, 4 * BATCH);
        let Some(frames) = frames else { return sink.send(close(4008, "queue limit passed")).await };
        for batch in frames.chunks(if subscription.batch { BATCH } else { 1 }) {
            sink.feed(to_message(batch)).await?;
        }
        sink.flush().await?;
        last += frames.len() as Seq;
        if !frames.is_empty() {
            continue;
        }
        tokio::select! {
            _ = head.changed() => {}
            _ = dropped.changed() => return sink.send(close(4001, "server shutting down")).await,
            message = source.next() => if !matches!(message, Some(Ok(_))) { return Ok(()) },
        }
    }
}

/// Returns the event after which the socket begins, and the hello unless it is a plain socket.
fn hello(stream: &EventStream, subscription: &Subscription) -> (Seq, Option<String>) {
    let history = stream.lock();
    let (head, oldest) = (history.head(), history.oldest());
    let is_retained = |since: &Cursor| since.epoch.as_str() == EPOCH && history.frames_after(since.seq, 0).is_some();
    let (from, resumed) = match &subscription.since {
        Since::Live => return (head, None),
        Since::Cursor(since) if is_retained(since) => (since.seq, true),
        Since::Cursor(_) | Since::Head => (head, false),
    };
    let hello = json!(ServerMessage::Hello(Hello { epoch: Epoch::new(EPOCH), head, oldest, resumed }));
    (from, Some(hello.to_string()))
}

fn to_message(frames: &[Bytes]) -> Message {
    let text = match frames {
        [one] => one.clone(),
        many => {
            let mut text = Vec::with_capacity(many.iter().map(|frame| frame.len() + 1).sum::<usize>() + 1);
            for (index, frame) in many.iter().enumerate() {
                text.push(if index == 0 { b'[' } else { b',' });
                text.extend_from_slice(frame);
            }
            text.push(b']');
            text.into()
        }
    };
    Message::Text(Utf8Bytes::try_from(text).expect("events are written as text"))
}

fn close(code: u16, reason: &'static str) -> Message {
    Message::Close(Some(CloseFrame { code: CloseCode::from(code), reason: reason.into() }))
}
