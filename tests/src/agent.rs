//! An agent as its own process would be: registers, heartbeats until it is dropped or silenced. Never a browser.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::http::Http;

/// Well below the shortest time to live that a test sets.
const BEAT: Duration = Duration::from_millis(300);

pub struct Agent {
    pub id: String,
    http: Http,
    said: Arc<Mutex<Value>>,
    heart: JoinHandle<()>,
}

impl Agent {
    /// Makes a workspace and goes online in it.
    pub async fn create(http: &Http, body: Value) -> Self {
        let made = http.post("/workspaces", body).await.expect(201);
        Self::register(http, made["id"].as_str().expect("an id"), made["auth_token"].as_str()).await
    }

    /// Goes online in a workspace that is there.
    pub async fn register(http: &Http, id: &str, token: Option<&str>) -> Self {
        let http = token.map_or(http.clone(), |token| http.clone().with_token(token));
        let card = json!({"name": "An agent", "version": "1.0.0", "skills": ["write", {"name": "read"}]});
        let body = json!({"id": id, "url": format!("http://127.0.0.1:9/{id}"), "agent_card": card});
        http.post("/registry/register", body).await.expect(200);
        let said = Arc::new(Mutex::new(json!({
            "workspace_id": id, "error_rate": 0.0, "sample_error": "", "active_tasks": 0,
            "uptime_seconds": 1, "current_task": "",
        })));
        let heart = tokio::spawn(beat(http.clone(), Arc::clone(&said)));
        Self { id: id.to_owned(), http, said, heart }
    }

    /// Says something new, now and with each heartbeat after.
    pub async fn say(&self, fields: Value) {
        let body = {
            let mut said = self.said.lock().unwrap();
            fields.as_object().expect("fields").iter().for_each(|(key, value)| said[key] = value.clone());
            said.clone()
        };
        self.http.post("/registry/heartbeat", body).await.expect(200);
    }

    /// Stops its heart. The server is not told.
    pub fn silence(self) {}
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.heart.abort();
    }
}

async fn beat(http: Http, said: Arc<Mutex<Value>>) {
    loop {
        tokio::time::sleep(BEAT).await;
        let body = said.lock().unwrap().clone();
        // A server that is down or a workspace that is gone is the test's concern.
        http.try_call(reqwest::Method::POST, "/registry/heartbeat", Some(body)).await.ok();
    }
}
