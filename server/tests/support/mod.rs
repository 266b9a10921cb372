//! A server for one test, in its own folder, and short ways to call it. Never an assertion about the product.

use std::time::Duration;

use orrery_server::config::Config;
use orrery_server::{Running, start};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

pub struct Server {
    pub running: Running,
    pub client: Client,
    pub folder: TempDir,
}

/// What came back: the status, the body (its text when it was no JSON) and the headers.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub headers: reqwest::header::HeaderMap,
}

impl Server {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(set: impl FnOnce(&mut Config)) -> Self {
        Self::again(tempfile::tempdir().unwrap(), set).await
    }

    /// On the folder of an earlier one.
    pub async fn again(folder: TempDir, set: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::in_folder(folder.path());
        set(&mut config);
        crate::engine::choose(&mut config).await;
        Self { running: start(config).await.unwrap(), client: Client::new(), folder }
    }

    /// Stops it and leaves its folder.
    pub async fn stop(self) -> TempDir {
        self.running.shutdown().await;
        self.folder
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.addr)
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    pub async fn call(&self, method: Method, path: &str, body: impl Into<Option<Value>>) -> Answer {
        let request = self.request(method, path);
        let request = match body.into() {
            Some(body) => request.json(&body),
            None => request,
        };
        Answer::of(request).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, body).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PATCH, path, body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None).await
    }

    /// A new workspace's id.
    pub async fn create(&self, said: Value) -> String {
        self.post("/workspaces", said).await.ok()["id"].as_str().unwrap().to_owned()
    }

    pub async fn named(&self, name: &str) -> String {
        self.create(json!({ "name": name })).await
    }

    pub async fn inside(&self, name: &str, parent: &str) -> String {
        self.create(json!({ "name": name, "parent_id": parent })).await
    }

    pub async fn row(&self, id: &str) -> Value {
        self.get(&format!("/workspaces/{id}")).await.ok()
    }

    /// A heartbeat without anything to tell.
    pub async fn beat(&self, id: &str) -> Answer {
        self.heartbeat(id, json!({})).await
    }

    pub async fn heartbeat(&self, id: &str, more: Value) -> Answer {
        let mut body = json!({ "workspace_id": id, "error_rate": 0.0, "sample_error": "", "active_tasks": 0,
            "uptime_seconds": 1, "current_task": "" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post("/registry/heartbeat", body).await
    }

    /// The whole log.
    pub async fn log(&self) -> Vec<Value> {
        self.log_after(0).await
    }

    pub async fn log_after(&self, after: u64) -> Vec<Value> {
        let mut events: Vec<Value> = Vec::new();
        loop {
            let since = events.last().map_or(after, |event| event["seq"].as_u64().unwrap());
            let page = self.get(&format!("/events?limit=1000&since={since}")).await.ok();
            let page = page.as_array().unwrap().clone();
            if page.is_empty() {
                return events;
            }
            events.extend(page);
        }
    }

    /// The place of the last event.
    pub async fn head(&self) -> u64 {
        let answer = self.get("/workspaces").await;
        let cursor = answer.headers["x-event-cursor"].to_str().unwrap();
        cursor.rsplit_once(':').unwrap().1.parse().unwrap()
    }

    /// Waits until the row is as wanted.
    pub async fn until(&self, id: &str, what: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..3000 {
            let row = self.row(id).await;
            if what(&row) {
                return row;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{id} never came to be so: {}", self.row(id).await);
    }
}

impl Answer {
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Self { status, body, headers }
    }

    #[track_caller]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.body);
        self.body
    }

    /// The words of a refusal with this status.
    #[track_caller]
    pub fn refused(self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        self.body["error"].as_str().unwrap_or_else(|| panic!("no words: {}", self.body)).to_owned()
    }
}

/// `(event, workspace_id)` of each.
pub fn told(events: &[Value]) -> Vec<(&str, &str)> {
    events.iter().map(|event| (event["event"].as_str().unwrap(), event["workspace_id"].as_str().unwrap())).collect()
}

pub fn kinds(events: &[Value]) -> Vec<String> {
    events.iter().map(|event| event["event"].as_str().unwrap().to_owned()).collect()
}
