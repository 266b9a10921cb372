//! An agent that registers and sends heartbeats until it is dropped or stopped.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::http::Http;

/// Well below the shortest time to live that a test sets.
const HEARTBEAT_INTERVAL: Duration = Duration::from_millis(300);

pub struct Agent {
    pub id: String,
    http: Http,
    fields: Arc<Mutex<Value>>,
    heartbeats: JoinHandle<()>,
}

impl Agent {
    /// Creates a workspace and registers in it.
    pub async fn create(http: &Http, body: Value) -> Self {
        let created = http.post("/workspaces", body).await.expect(201);
        Self::register(http, created["id"].as_str().expect("an id"), created["auth_token"].as_str()).await
    }

    /// Registers in an existing workspace and starts to send heartbeats.
    pub async fn register(http: &Http, id: &str, token: Option<&str>) -> Self {
        let http = token.map_or(http.clone(), |token| http.clone().with_token(token));
        let card = json!({"name": "An agent", "version": "1.0.0", "skills": ["write", {"name": "read"}]});
        let body = json!({"id": id, "url": format!("http://127.0.0.1:9/{id}"), "agent_card": card});
        http.post("/registry/register", body).await.expect(200);
        let fields = Arc::new(Mutex::new(json!({
            "workspace_id": id, "error_rate": 0.0, "sample_error": "", "active_tasks": 0,
            "uptime_seconds": 1, "current_task": "",
        })));
        let heartbeats = tokio::spawn(send_heartbeats(http.clone(), Arc::clone(&fields)));
        Self { id: id.to_owned(), http, fields, heartbeats }
    }

    /// Sends a heartbeat with these fields changed, as every later one has them.
    pub async fn send_heartbeat(&self, changes: Value) {
        let body = {
            let mut fields = self.fields.lock().unwrap();
            changes.as_object().expect("an object").iter().for_each(|(key, value)| fields[key] = value.clone());
            fields.clone()
        };
        self.http.post("/registry/heartbeat", body).await.expect(200);
    }

    /// Stops the heartbeats without notice to the server.
    pub fn stop_heartbeats(self) {}
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.heartbeats.abort();
    }
}

async fn send_heartbeats(http: Http, fields: Arc<Mutex<Value>>) {
    loop {
        tokio::time::sleep(HEARTBEAT_INTERVAL).await;
        let body = fields.lock().unwrap().clone();
        // A server that is down or a workspace that is gone is the test's concern.
        http.try_call(reqwest::Method::POST, "/registry/heartbeat", Some(body)).await.ok();
    }
}
