//! Where the demo's agents can be asked (A2A `message/send`): one address for all, a path an agent. Never what they say.

use axum::extract::{Path, State};
use axum::routing::post;
use axum::{Json, Router};
use orrery_protocol::WorkspaceId;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

/// Questions that wait to be heard; the next one waits to be let in.
const WAITING: usize = 256;

pub(super) struct Asked {
    pub who: WorkspaceId,
    pub text: String,
    pub reply: oneshot::Sender<Result<String, String>>,
}

/// The address, and the questions that come in there. It ends with the receiver's task.
pub(super) async fn listen() -> std::io::Result<(String, mpsc::Receiver<Asked>)> {
    let (ask, questions) = mpsc::channel(WAITING);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let ended = ask.clone();
    let router = Router::new().route("/agents/{id}", post(answer)).with_state(ask);
    tokio::spawn(async move {
        let serve = axum::serve(listener, router).with_graceful_shutdown(async move { ended.closed().await });
        if let Err(error) = serve.await {
            tracing::warn!(%error, "the demo's agents no longer answer");
        }
    });
    Ok((address, questions))
}

async fn answer(
    State(ask): State<mpsc::Sender<Asked>>,
    Path(who): Path<String>,
    Json(call): Json<Value>,
) -> Json<Value> {
    let outcome = match (call["method"].as_str(), who.parse()) {
        (Some("message/send"), Ok(who)) => {
            let text = call["params"]["message"]["parts"][0]["text"].as_str().unwrap_or_default().to_owned();
            let (reply, answer) = oneshot::channel();
            let gone = || "the demo has ended".to_owned();
            match ask.send(Asked { who, text, reply }).await {
                Ok(()) => answer.await.unwrap_or_else(|_| Err(gone())),
                Err(_) => Err(gone()),
            }
        }
        _ => Err("this agent knows message/send only".into()),
    };
    Json(match outcome {
        Ok(text) => {
            let parts = json!([{ "kind": "text", "text": text }]);
            let message =
                json!({ "kind": "message", "role": "agent", "messageId": call["id"].to_string(), "parts": parts });
            json!({ "jsonrpc": "2.0", "id": call["id"], "result": message })
        }
        Err(reason) => json!({ "jsonrpc": "2.0", "id": call["id"], "error": { "code": -32000, "message": reason } }),
    })
}
