//! An agent of one's own: registers, says what it does, answers messages (A2A), hears what happens around it.
//! Never more than that: it is here to be read.
//!
//! ```sh
//! cargo run -p orrery-server --example agent -- Ada
//! ```
//! PLATFORM_URL, WORKSPACE_ID and WORKSPACE_TOKEN are read as `--provisioner process:…` gives them; without an id it
//! makes a workspace for itself. Ask it for something with "fail" in it to see a failure.

use std::{env, sync::Arc, time::Duration};

use axum::{Json, Router, extract::State, routing::post};
use futures_util::StreamExt;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch, time};
use tokio_tungstenite::{connect_async, tungstenite::client::IntoClientRequest};

#[derive(Clone)]
struct Agent {
    server: String,
    id: String,
    token: String,
    http: Client,
    /// What it is doing now.
    tasks: Arc<watch::Sender<Vec<String>>>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let name = env::args().nth(1).unwrap_or_else(|| "Ada".into());
    let server = env::var("PLATFORM_URL").unwrap_or_else(|_| "http://127.0.0.1:8000".into());
    // Heartbeats are too far apart to keep a connection for.
    let http = Client::builder().no_proxy().timeout(Duration::from_secs(10)).pool_max_idle_per_host(0).build()?;

    // 1. A workspace: given, or made.
    let (id, token) = match env::var("WORKSPACE_ID") {
        Ok(id) => (id, env::var("WORKSPACE_TOKEN").unwrap_or_default()),
        Err(_) => {
            let new = json!({ "name": name, "role": "example", "model": "example:echo" });
            let made = http.post(format!("{server}/workspaces")).json(&new).send().await?.error_for_status()?;
            let made: Value = made.json().await?;
            (made["id"].to_string().replace('"', ""), made["auth_token"].to_string().replace('"', ""))
        }
    };
    let agent = Agent { server, id, token, http, tasks: Arc::new(watch::channel(Vec::new()).0) };

    // 2. Register: where it answers, and what it can do.
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let card = json!({ "name": name, "version": "1.0.0", "skills": ["echo"], "capabilities": { "streaming": false } });
    agent.call("/registry/register", json!({ "id": agent.id, "url": url, "agent_card": card })).await?;
    println!("{name} is {} and answers at {url}", agent.id);

    // 3. Heartbeats, 4. events, 5. answers: side by side.
    tokio::spawn(heartbeats(agent.clone()));
    tokio::spawn(receive_events(agent.clone()));
    axum::serve(listener, Router::new().route("/", post(answer)).with_state(agent)).await?;
    Ok(())
}

/// Every ten seconds, and at once when the task changes.
async fn heartbeats(agent: Agent) {
    let (started, mut tasks) = (time::Instant::now(), agent.tasks.subscribe());
    loop {
        let now = tasks.borrow_and_update().clone();
        let heartbeat = json!({
            "workspace_id": agent.id, "error_rate": 0.0, "sample_error": "", "active_tasks": now.len(),
            "current_task": now.last().cloned().unwrap_or_default(), "uptime_seconds": started.elapsed().as_secs(),
        });
        if let Err(error) = agent.call("/registry/heartbeat", heartbeat).await {
            eprintln!("heartbeat: {error}");
        }
        let _ = time::timeout(Duration::from_secs(10), tasks.changed()).await;
    }
}

/// The server sends the events this workspace may receive: its own, and those of its team, children and parent.
async fn receive_events(agent: Agent) -> anyhow::Result<()> {
    loop {
        let mut request = format!("{}/ws", agent.server.replacen("http", "ws", 1)).into_client_request()?;
        request.headers_mut().insert("X-Workspace-ID", agent.id.parse()?);
        request.headers_mut().insert("Authorization", format!("Bearer {}", agent.token).parse()?);
        if let Ok((mut socket, _)) = connect_async(request).await {
            while let Some(Ok(message)) = socket.next().await {
                let Ok(event) = serde_json::from_str::<Value>(message.to_text().unwrap_or_default()) else { continue };
                println!("received {} of {}", event["event"], event["workspace_id"]);
            }
        }
        time::sleep(Duration::from_secs(2)).await;
    }
}

/// A2A's `message/send`: JSON-RPC in, JSON-RPC out.
async fn answer(State(agent): State<Agent>, Json(call): Json<Value>) -> Json<Value> {
    let task = call["params"]["message"]["parts"][0]["text"].as_str().unwrap_or_default();
    let error = |code: i32, message: &str| json!({ "jsonrpc": "2.0", "id": call["id"], "error": { "code": code, "message": message } });
    Json(match call["method"].as_str() {
        Some("message/send") => match agent.work(task).await {
            Ok(text) => {
                let parts = json!([{ "kind": "text", "text": text }]);
                let message =
                    json!({ "kind": "message", "role": "agent", "messageId": call["id"].to_string(), "parts": parts });
                json!({ "jsonrpc": "2.0", "id": call["id"], "result": message })
            }
            Err(reason) => error(-32000, &reason),
        },
        _ => error(-32601, "this agent knows message/send only"),
    })
}

impl Agent {
    async fn work(&self, task: &str) -> Result<String, String> {
        let _task = Task::begin(&self.tasks, task);
        let pace = env::var("AGENT_SECONDS").ok().and_then(|it| it.parse().ok()).unwrap_or(2.0);
        time::sleep(Duration::from_secs_f64(pace)).await;
        let status = if task.contains("fail") { "error" } else { "ok" };
        let log = json!({ "activity_type": "agent_log", "summary": format!("worked on: {task}"), "status": status });
        let _ = self.call(&format!("/workspaces/{}/activity", self.id), log).await;
        if status == "ok" { Ok(format!("Done: {task}")) } else { Err(format!("I could not do this: {task}")) }
    }

    async fn call(&self, path: &str, body: Value) -> reqwest::Result<()> {
        let request: RequestBuilder = self.http.post(format!("{}{path}", self.server)).json(&body);
        request.bearer_auth(&self.token).send().await?.error_for_status().map(|_| ())
    }
}

/// On the list as long as it lives: a caller that hangs up ends the work and the task.
struct Task(Arc<watch::Sender<Vec<String>>>, String);

impl Task {
    fn begin(tasks: &Arc<watch::Sender<Vec<String>>>, task: &str) -> Self {
        tasks.send_modify(|tasks| tasks.push(task.to_owned()));
        Self(tasks.clone(), task.to_owned())
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.send_modify(|tasks| {
            let place = tasks.iter().position(|task| *task == self.1);
            place.map(|place| tasks.remove(place));
        });
    }
}
