//! One page's socket: the hello, then every event from its cursor on, in batches when it asked for them.

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

use crate::stream::{EPOCH, Stream};

type Socket = WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>;

#[derive(Clone)]
pub struct Wish {
    since: Since,
    batch: bool,
}

#[derive(Clone)]
enum Since {
    /// A plain socket: live from now on, without a hello (see section 10.3 of docs/protocol.md).
    Unasked,
    /// A page that knows the hello and has no cursor yet.
    Nothing,
    Cursor(Cursor),
}

/// As many events as one frame holds at most.
const BATCH: usize = 256;

pub async fn open(
    State(stream): State<Arc<Stream>>,
    Query(query): Query<Vec<(String, String)>>,
    mut request: Request,
) -> Response {
    let asked = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let since = asked("since").map_or(Since::Unasked, |text| text.parse().map_or(Since::Nothing, Since::Cursor));
    let wish = Wish { since, batch: asked("batch") == Some("1") };
    let key = request.headers().get(header::SEC_WEBSOCKET_KEY).map(|key| derive_accept_key(key.as_bytes()));
    let (Some(key), Some(upgrade)) = (key, request.extensions_mut().remove::<OnUpgrade>()) else {
        return StatusCode::UPGRADE_REQUIRED.into_response();
    };
    tokio::spawn(async move {
        let Ok(upgraded) = upgrade.await else { return };
        let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
        // A page that leaves is no error.
        let _ = serve(socket, &stream, wish).await;
    });
    let headers = [
        (header::CONNECTION, "Upgrade".to_owned()),
        (header::UPGRADE, "websocket".to_owned()),
        (header::SEC_WEBSOCKET_ACCEPT, key),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

async fn serve(socket: Socket, stream: &Stream, wish: Wish) -> Result<(), Error> {
    let (mut to, mut from) = socket.split();
    let (mut head, mut dropped) = (stream.head.subscribe(), stream.dropped.subscribe());
    dropped.mark_unchanged();
    let (mut last, hello) = hello(stream, &wish);
    if let Some(hello) = hello {
        to.send(Message::text(hello)).await?;
    }
    loop {
        head.mark_unchanged();
        let frames = stream.lock().after(last, 4 * BATCH);
        let Some(frames) = frames else { return to.send(closing(4008, "queue limit passed")).await };
        for some in frames.chunks(if wish.batch { BATCH } else { 1 }) {
            to.feed(together(some)).await?;
        }
        to.flush().await?;
        last += frames.len() as Seq;
        if !frames.is_empty() {
            continue;
        }
        tokio::select! {
            _ = head.changed() => {}
            _ = dropped.changed() => return to.send(closing(4001, "server shutting down")).await,
            said = from.next() => if !matches!(said, Some(Ok(_))) { return Ok(()) },
        }
    }
}

/// Where the socket begins, and the hello for those who came with a cursor.
fn hello(stream: &Stream, wish: &Wish) -> (Seq, Option<String>) {
    let said = stream.lock();
    let (head, oldest) = (said.head(), said.oldest());
    let kept = |since: &Cursor| since.epoch.as_str() == EPOCH && said.after(since.seq, 0).is_some();
    let (from, resumed) = match &wish.since {
        Since::Unasked => return (head, None),
        Since::Cursor(since) if kept(since) => (since.seq, true),
        Since::Cursor(_) | Since::Nothing => (head, false),
    };
    let hello = json!(ServerMessage::Hello(Hello { epoch: Epoch::new(EPOCH), head, oldest, resumed }));
    (from, Some(hello.to_string()))
}

fn together(frames: &[Bytes]) -> Message {
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

fn closing(code: u16, reason: &'static str) -> Message {
    Message::Close(Some(CloseFrame { code: CloseCode::from(code), reason: reason.into() }))
}
