//! An agent for tests: answers A2A as its message tells it to, and remembers what it was asked. Never a mock of the server.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::Server;

#[derive(Clone, Default)]
pub struct Agent {
    pub id: String,
    /// Every call's body.
    pub asked: Arc<Mutex<Vec<Value>>>,
    /// How many calls were given up by the caller.
    pub hung_up: Arc<Mutex<usize>>,
}

impl Agent {
    /// A workspace with an agent that answers.
    pub async fn join(server: &Server, name: &str, role: &str) -> Self {
        let id = server.create(json!({ "name": name, "role": role, "model": "test:echo" })).await;
        let agent = Self { id, ..Self::default() };
        let url = agent.clone().listen().await;
        let card = json!({ "name": name, "skills": ["echo", role] });
        server.post("/registry/register", json!({ "id": agent.id, "url": url, "agent_card": card })).await.ok();
        agent
    }

    /// Answers at a new address.
    pub async fn listen(self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let router = Router::new().route("/", post(answer)).with_state(self);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        url
    }

    pub fn texts(&self) -> Vec<String> {
        let text = |call: &Value| call["params"]["message"]["parts"][0]["text"].as_str().unwrap().to_owned();
        self.asked.lock().unwrap().iter().filter(|call| call["method"] == "message/send").map(text).collect()
    }
}

struct Underway(Arc<Mutex<usize>>, bool);

impl Drop for Underway {
    fn drop(&mut self) {
        if !self.1 {
            *self.0.lock().unwrap() += 1;
        }
    }
}

async fn answer(State(agent): State<Agent>, Json(call): Json<Value>) -> Json<Value> {
    let mut underway = Underway(agent.hung_up.clone(), false);
    agent.asked.lock().unwrap().push(call.clone());
    let text = call["params"]["message"]["parts"][0]["text"].as_str().unwrap_or_default().to_owned();
    let times = agent.texts().iter().filter(|it| **it == text).count();
    let reply = |body: Value| with_id(&call, body);
    let message = |text: &str| json!({ "result": { "kind": "message", "role": "agent", "parts": [{ "kind": "text", "text": text }] } });
    let task = |id: &str, state: &str, parts: Value| json!({ "result": { "kind": "task", "id": id, "status": { "state": state }, "artifacts": [{ "parts": parts }] } });
    let body = match (call["method"].as_str(), &*text) {
        (Some("tasks/get" | "tasks/cancel"), _) if call["params"]["id"] == "t2" => task("t2", "working", json!([])),
        (Some("tasks/get"), _) => task("t1", "completed", json!([{ "kind": "text", "text": "later" }])),
        (_, "work later") => task("t1", "working", json!([])),
        (_, "work for ever") => task("t2", "working", json!([])),
        (_, "never") => {
            tokio::time::sleep(Duration::from_secs(600)).await;
            message("at last")
        }
        (_, "fail once") if times == 1 => json!({ "error": { "code": -1, "message": "not today" } }),
        (_, text) if text.starts_with("fail always") => json!({ "error": { "code": -1, "message": "no paper left" } }),
        (_, text) => message(&format!("done: {text}")),
    };
    underway.1 = true;
    reply(body)
}

fn with_id(call: &Value, mut body: Value) -> Json<Value> {
    body["jsonrpc"] = json!("2.0");
    body["id"] = call["id"].clone();
    Json(body)
}
