//! A server for one test, in its own folder, and short ways to call it. Never an assertion about the product.

use orrery_server::config::Config;
use orrery_server::{Running, start};
use reqwest::{Client, Method};
use serde_json::Value;
use tempfile::TempDir;

pub struct Server {
    pub running: Running,
    pub client: Client,
    pub folder: TempDir,
}

/// What came back: the status, the body (null when there was none) and the headers.
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
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::in_folder(folder.path());
        set(&mut config);
        Self { running: start(config).await.unwrap(), client: Client::new(), folder }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.addr)
    }

    pub async fn call(&self, method: Method, path: &str, body: impl Into<Option<Value>>) -> Answer {
        let request = self.client.request(method, self.url(path));
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
}

impl Answer {
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
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
}
