//! A small client of the REST API.

use reqwest::{Client, Method, header::HeaderMap};
use serde_json::Value;

#[derive(Clone)]
pub struct Http {
    base: String,
    headers: Vec<(String, String)>,
    client: Client,
}

/// Returns a client that ignores the proxies of the environment: tests call this machine only.
fn local_client() -> Client {
    Client::builder().no_proxy().build().expect("a client without a proxy can be built")
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    asked: String,
}

impl Http {
    pub fn to(base: &str) -> Self {
        Self { base: base.to_owned(), headers: Vec::new(), client: local_client() }
    }

    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn with_token(self, token: &str) -> Self {
        self.with_header("authorization", &format!("Bearer {token}"))
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PATCH, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PUT, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None).await
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let asked = format!("{method} {path}");
        self.try_call(method, path, body).await.unwrap_or_else(|error| panic!("{asked}: no answer: {error:?}"))
    }

    /// Returns an error if there is no response, as while a server stops.
    pub async fn try_call(&self, method: Method, path: &str, body: Option<Value>) -> reqwest::Result<Answer> {
        let body = body.map(|body| body.to_string());
        self.try_send(method, path, body.map(|body| (body, "application/json"))).await
    }

    /// Sends a body that need not be JSON.
    pub async fn try_send(&self, method: Method, path: &str, body: Option<(String, &str)>) -> reqwest::Result<Answer> {
        let asked = format!("{method} {path}");
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some((body, kind)) = body {
            request = request.header("content-type", kind).body(body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer { status, headers, text: response.text().await?, asked })
    }
}

impl Answer {
    /// Returns the body.
    ///
    /// Panics if the status is another one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{} answered {}", self.asked, self.text);
        self.json()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{} answered no JSON: {:?}", self.asked, self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
