//! The public API over HTTP, as any client would use it. Never a shortcut.

use std::time::Duration;

use reqwest::Client;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Demo;
use crate::demo::show::{Call, Method};

#[derive(Clone)]
pub(super) struct Api {
    http: Client,
    platform: String,
    token: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum Failed {
    #[error("{path}: status {status}: {error}")]
    Status { path: String, status: u16, error: String },
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Api {
    pub(super) fn new(demo: &Demo) -> Result<Self, Failed> {
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(30));
        let http = client.tls_built_in_root_certs(false).build()?;
        Ok(Self { http, platform: demo.platform.clone(), token: demo.token.clone() })
    }

    pub(super) async fn call(&self, call: &Call) -> Result<Value, Failed> {
        self.send(call.method, &call.path, &call.body).await?.json().await.map_err(Failed::from)
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value, Failed> {
        self.send(Method::Post, path, body).await?.json().await.map_err(Failed::from)
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failed> {
        self.send(Method::Get, path, &Value::Null).await?.json().await.map_err(Failed::from)
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Result<reqwest::Response, Failed> {
        let url = format!("{}{path}", self.platform);
        let mut request = match method {
            Method::Get => self.http.get(url),
            Method::Post => self.http.post(url).json(body),
            Method::Patch => self.http.patch(url).json(body),
            Method::Delete => self.http.delete(url).json(body),
        };
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let status = answer.status().as_u16();
        let error = answer.json().await.map(|body: Value| body["error"].as_str().unwrap_or_default().to_owned());
        Err(Failed::Status { path: path.to_owned(), status, error: error.unwrap_or_default() })
    }
}
