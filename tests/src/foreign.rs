//! A server without a log (see section 13.5 of docs/protocol.md): `GET /workspaces`, `/ws` and the files of the page. It sends no
//! `seq`, no hello and no snapshot.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;

pub struct Foreign {
    pub address: String,
    rows: Arc<Mutex<Value>>,
    frames: broadcast::Sender<Option<String>>,
    task: JoinHandle<()>,
}

impl Foreign {
    pub async fn start(files: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let rows = Arc::new(Mutex::new(json!([])));
        let frames = broadcast::channel(1024).0;
        let task = tokio::spawn({
            let (rows, frames) = (Arc::clone(&rows), frames.clone());
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(serve(stream, files.clone(), Arc::clone(&rows), frames.subscribe()));
                }
            }
        });
        Self { address, rows, frames, task }
    }

    /// Sets the response of `GET /workspaces`.
    pub fn set_rows(&self, rows: Value) {
        *self.rows.lock().unwrap() = rows;
    }

    /// Sends a frame to every socket.
    pub fn send(&self, frame: &str) {
        self.frames.send(Some(frame.to_owned())).ok();
    }

    pub fn event(&self, kind: &str, id: &str, payload: Value) {
        let frame = json!({"event": kind, "workspace_id": id, "timestamp": "2026-03-30T12:00:00Z", "payload": payload});
        self.send(&frame.to_string());
    }

    /// Ends every connection without a close frame.
    pub fn cut(&self) {
        self.frames.send(None).ok();
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    files: PathBuf,
    rows: Arc<Mutex<Value>>,
    mut frames: broadcast::Receiver<Option<String>>,
) {
    let mut head = vec![0; 4096];
    let Ok(length) = stream.peek(&mut head).await else { return };
    let head = String::from_utf8_lossy(&head[..length]).into_owned();
    let path = head.split(' ').nth(1).unwrap_or("/").split('?').next().unwrap_or("/").to_owned();
    if path == "/ws" {
        let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else { return };
        loop {
            tokio::select! {
                frame = frames.recv() => match frame {
                    Ok(Some(frame)) => if socket.send(Message::text(frame)).await.is_err() { return },
                    Ok(None) | Err(_) => return,
                },
                message = socket.next() => if !matches!(message, Some(Ok(_))) { return },
            }
        }
    }
    let mut request = vec![0; 16_384];
    if stream.read(&mut request).await.is_err() {
        return;
    }
    let (status, kind, body) = match path.as_str() {
        "/workspaces" => ("200 OK", "application/json", rows.lock().unwrap().to_string().into_bytes()),
        path => file(&files, path)
            .map_or(("404 Not Found", "text/plain", b"nothing here".to_vec()), |(kind, body)| ("200 OK", kind, body)),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.ok();
    stream.write_all(&body).await.ok();
    stream.shutdown().await.ok();
}

fn file(files: &std::path::Path, path: &str) -> Option<(&'static str, Vec<u8>)> {
    let name = if path == "/" { "index.html" } else { path.trim_start_matches('/') };
    let kind = match name.rsplit_once('.')?.1 {
        "html" => "text/html",
        "js" => "text/javascript",
        "wasm" => "application/wasm",
        "css" => "text/css",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        _ => return None,
    };
    Some((kind, fs::read(files.join(name)).ok()?))
}
