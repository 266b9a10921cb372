//! Does a step's work: asks an agent (A2A `message/send`) or makes an HTTP request. Never decides what its end means.

use std::time::Duration;

use reqwest::{Client, Response};
use serde_json::{Value, json};

use super::execution::Job;
use crate::json::{self, JsonError};

/// A larger answer is an error.
const LARGEST_ANSWER: usize = 64 * 1024;
/// Between two looks at an agent's task that is not done yet.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// Nobody waits for it.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);

/// What went over the wire.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Exchange {
    pub request: Value,
    pub response: Option<Value>,
}

/// `key` names this attempt for good, so that an agent may notice a message that came twice.
pub(super) fn message(text: &str, key: &str) -> Value {
    let message =
        json!({ "kind": "message", "role": "user", "messageId": key, "parts": [{ "kind": "text", "text": text }] });
    json!({ "jsonrpc": "2.0", "id": key, "method": "message/send", "params": { "message": message } })
}

/// `url`: the workspace's registered address, for an agent's job.
pub(super) async fn run(
    http: &Client,
    job: Job,
    url: Option<String>,
    key: &str,
) -> (Result<Value, String>, Option<Exchange>) {
    match job {
        Job::Agent { message: text, .. } => {
            let request = message(&text, key);
            let Some(url) = url else {
                return (Err("the workspace has no registered url".into()), Some(Exchange { request, response: None }));
            };
            let outcome = ask(http, &url, &request, key).await;
            let response = outcome.as_ref().ok().map(|(_, response)| response.clone());
            let exchange = Some(Exchange { request, response });
            (outcome.and_then(|(answer, _)| answer), exchange)
        }
        Job::Http { method, url, body } => (request(http, &method, &url, body).await, None),
    }
}

/// The agent's answer, and the response that it came in. The outer error: there was none.
async fn ask(http: &Client, url: &str, request: &Value, key: &str) -> Result<(Result<Value, String>, Value), String> {
    let mut response = call(http, url, request).await?;
    let mut accepted: Option<Accepted> = None;
    loop {
        if let Some(error) = response.get("error").filter(|error| !error.is_null()) {
            let message = error["message"].as_str().map_or_else(|| error.to_string(), str::to_owned);
            return Ok((Err(message), response));
        }
        let result = &response["result"];
        let state = result["status"]["state"].as_str().unwrap_or_default();
        match (result["kind"].as_str(), state) {
            (Some("task"), "submitted" | "working") => {
                let id = result["id"].clone();
                let task = accepted.get_or_insert_with(|| Accepted::new(http, url, key));
                task.id = Some(id.clone());
                tokio::time::sleep(LOOK_AGAIN).await;
                response = call(http, url, &about_task("tasks/get", &id, key)).await?;
                // Until it says otherwise, nobody needs to call it off.
                task.id = None;
            }
            (Some("task"), "failed" | "canceled" | "rejected" | "input-required" | "auth-required") => {
                let said = texts(&result["status"]["message"]["parts"]);
                let reason = if said.is_empty() { format!("the agent's task is {state}") } else { said };
                return Ok((Err(reason), response));
            }
            (Some("task"), _) => {
                let artifacts = result["artifacts"].as_array().map(Vec::as_slice).unwrap_or_default();
                let said: Vec<String> = artifacts.iter().map(|artifact| texts(&artifact["parts"])).collect();
                return Ok((Ok(json!({ "text": said.join("\n") })), response));
            }
            _ if result.is_object() => return Ok((Ok(json!({ "text": texts(&result["parts"]) })), response)),
            _ => return Ok((Err("the agent's answer has neither a result nor an error".into()), response)),
        }
    }
}

/// A task that an agent has accepted and works on. Given up, it is called off at the agent too.
struct Accepted {
    http: Client,
    url: String,
    key: String,
    id: Option<Value>,
}

impl Accepted {
    fn new(http: &Client, url: &str, key: &str) -> Self {
        Self { http: http.clone(), url: url.to_owned(), key: key.to_owned(), id: None }
    }
}

impl Drop for Accepted {
    fn drop(&mut self) {
        let Some(id) = self.id.take() else { return };
        let (http, url) = (self.http.clone(), std::mem::take(&mut self.url));
        let request = about_task("tasks/cancel", &id, &self.key);
        let cancel = async move {
            if let Ok(Err(reason)) = tokio::time::timeout(LONGEST_FAREWELL, call(&http, &url, &request)).await {
                tracing::info!(reason, url, "an agent could not be told that its task was called off");
            }
        };
        // Without a runtime the whole server has ended.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(cancel);
        }
    }
}

fn about_task(method: &str, id: &Value, key: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": key, "method": method, "params": { "id": id } })
}

async fn call(http: &Client, url: &str, request: &Value) -> Result<Value, String> {
    let response = http.post(url).json(request).send().await.map_err(|error| cause(&error))?;
    let status = response.status();
    let text = body(response).await?;
    match json::parse(text.as_bytes()) {
        Ok(answer @ Value::Object(_)) => Ok(answer),
        Err(JsonError::Limit(limit)) => Err(format!("the agent's answer cannot be kept: {limit}")),
        _ if !status.is_success() => Err(format!("the agent answered with status {status}")),
        _ => Err("the agent's answer is not JSON-RPC".into()),
    }
}

async fn request(http: &Client, method: &str, url: &str, body_json: Option<Value>) -> Result<Value, String> {
    let method = method.parse().map_err(|_| format!("{method} is not a method"))?;
    let too_deep = |limit: JsonError| format!("the request's body with its variables: {limit}");
    body_json.as_ref().map_or(Ok(()), json::check_value).map_err(too_deep)?;
    let request = http.request(method, url);
    let request = body_json.iter().fold(request, |request, body| request.json(body));
    let response = request.send().await.map_err(|error| cause(&error))?;
    let status = response.status();
    let text = body(response).await?;
    match status.is_success() {
        true => {
            let body = match json::parse(text.as_bytes()) {
                Ok(body) => body,
                Err(JsonError::Malformed(_)) => Value::String(text),
                Err(JsonError::Limit(limit)) => return Err(format!("the answer cannot be kept: {limit}")),
            };
            Ok(json!({ "status": status.as_u16(), "body": body }))
        }
        false => {
            let start: String = text.chars().take(200).collect();
            Err(format!("status {status}{}{start}", if start.is_empty() { "" } else { ": " }))
        }
    }
}

/// The text of an answer.
async fn body(mut response: Response) -> Result<String, String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| cause(&error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LARGEST_ANSWER {
            return Err(format!("the answer is larger than {} KiB", LARGEST_ANSWER / 1024));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn texts(parts: &Value) -> String {
    let parts = parts.as_array().map(Vec::as_slice).unwrap_or_default();
    parts.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join("\n")
}

/// The innermost reason is the one that a person understands.
fn cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    match error.url() {
        Some(url) if error.is_connect() => format!("cannot reach {url}: {cause}"),
        _ => cause.to_string(),
    }
}
