//! An agent that answers A2A as the servers of the SDKs do: it works on a task in the background until the test ends it, holds
//! a blocking message until then, and can be asked for the task and told to cancel it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::http::Http;
use crate::wait;

const POLL_INTERVAL: Duration = Duration::from_millis(20);

pub struct A2aAgent {
    pub id: String,
    shared: Arc<Mutex<Shared>>,
    server: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    calls: Vec<Value>,
    /// Tasks by the text that they were sent with.
    tasks: BTreeMap<String, Value>,
}

impl A2aAgent {
    /// Creates a workspace and registers an agent in it that is called at a new address.
    pub async fn create(http: &Http, name: &str) -> Self {
        let id = http.post("/workspaces", json!({"name": name})).await.expect(201)["id"].as_str().unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let shared = Arc::<Mutex<Shared>>::default();
        let router = Router::new().route("/", post(answer)).with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        http.post("/registry/register", json!({"id": id, "url": url, "agent_card": {"name": name}})).await.expect(200);
        Self { id, shared, server }
    }

    /// Ends the task of this text as the field `status` says, such as `{"state": "completed"}`.
    pub fn end(&self, text: &str, status: Value) {
        let mut shared = self.shared.lock().unwrap();
        shared.tasks.get_mut(text).expect("a task of this text")["status"] = status;
    }

    /// Waits until the agent works on a task of this text.
    pub async fn wait_for_task(&self, text: &str) {
        let is_there = async || self.shared.lock().unwrap().tasks.contains_key(text);
        wait::until(&format!("the task {text:?}"), is_there, |there| *there).await;
    }

    /// Waits until this method was called, and returns the last such call.
    pub async fn wait_for_call(&self, method: &str) -> Value {
        let last = async || self.shared.lock().unwrap().calls.iter().rfind(|call| call["method"] == method).cloned();
        wait::until(&format!("a call of {method}"), last, Option::is_some).await.unwrap()
    }

    pub fn count_calls(&self, method: &str) -> usize {
        self.shared.lock().unwrap().calls.iter().filter(|call| call["method"] == method).count()
    }

    pub fn state(&self, text: &str) -> String {
        self.shared.lock().unwrap().tasks[text]["status"]["state"].as_str().unwrap().to_owned()
    }
}

impl Drop for A2aAgent {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(shared): State<Arc<Mutex<Shared>>>, Json(call): Json<Value>) -> Json<Value> {
    shared.lock().unwrap().calls.push(call.clone());
    let params = &call["params"];
    let result = match call["method"].as_str() {
        Some("message/send") => {
            let text = params["message"]["parts"][0]["text"].as_str().unwrap().to_owned();
            let id = format!("task of {}", params["message"]["messageId"].as_str().unwrap());
            let task = json!({"kind": "task", "id": id, "contextId": "c", "status": {"state": "working"}});
            shared.lock().unwrap().tasks.insert(text.clone(), task);
            let current = || shared.lock().unwrap().tasks[&text].clone();
            // As in the SDKs, blocking is what happens unless the caller says otherwise.
            while params["configuration"]["blocking"] != false && current()["status"]["state"] == "working" {
                tokio::time::sleep(POLL_INTERVAL).await;
            }
            Some(current())
        }
        Some(method @ ("tasks/get" | "tasks/cancel")) => {
            let mut shared = shared.lock().unwrap();
            let task = shared.tasks.values_mut().find(|task| task["id"] == params["id"]);
            task.map(|task| {
                if method == "tasks/cancel" {
                    task["status"] = json!({"state": "canceled"});
                }
                task.clone()
            })
        }
        _ => None,
    };
    Json(match result {
        Some(result) => json!({"jsonrpc": "2.0", "id": call["id"], "result": result}),
        None => json!({"jsonrpc": "2.0", "id": call["id"], "error": {"code": -32001, "message": "Task not found"}}),
    })
}
