//! Does a step's work: asks an agent (A2A `message/send`) or makes an HTTP request. Never decides what its end means.

use std::time::Duration;

use serde_json::{Value, json};

use super::answer::{Answer, QUOTE, read_answer};
use super::execution::Job;
use super::size::quote;
use crate::app::Shared;
use crate::json::{self, JsonError};
use crate::outgoing::{self, Outgoing};

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
    app: &Shared,
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
            let outcome = ask(app, &url, &request, key).await;
            let response = outcome.as_ref().ok().map(|(_, response)| response.clone());
            let exchange = Some(Exchange { request, response });
            (outcome.and_then(|(answer, _)| answer), exchange)
        }
        Job::Http { method, url, body } => (request(&app.outgoing, &method, &url, body).await, None),
    }
}

/// The agent's answer, and the response that it came in. The outer error: there was none.
async fn ask(app: &Shared, url: &str, request: &Value, key: &str) -> Result<(Result<Value, String>, Value), String> {
    let mut response = call(&app.outgoing, url, request).await?;
    let mut accepted: Option<Accepted> = None;
    loop {
        match read_answer(&response) {
            Answer::Working { task } => {
                let accepted = accepted.get_or_insert_with(|| Accepted::new(app, url, key));
                accepted.id = Some(task.clone());
                tokio::time::sleep(LOOK_AGAIN).await;
                response = call(&app.outgoing, url, &about_task("tasks/get", &task, key)).await?;
                // Until it says otherwise, nobody needs to call it off.
                accepted.id = None;
            }
            Answer::Completed(output) => return Ok((Ok(output), response)),
            Answer::Failed(reason) => return Ok((Err(reason), response)),
        }
    }
}

/// A task that an agent has accepted and works on. Given up, it is called off at the agent too.
struct Accepted {
    app: Shared,
    url: String,
    key: String,
    id: Option<Value>,
}

impl Accepted {
    fn new(app: &Shared, url: &str, key: &str) -> Self {
        Self { app: app.clone(), url: url.to_owned(), key: key.to_owned(), id: None }
    }
}

impl Drop for Accepted {
    fn drop(&mut self) {
        let Some(id) = self.id.take() else { return };
        let (app, url) = (self.app.clone(), std::mem::take(&mut self.url));
        let request = about_task("tasks/cancel", &id, &self.key);
        let cancel = async move {
            if let Ok(Err(reason)) = tokio::time::timeout(LONGEST_FAREWELL, call(&app.outgoing, &url, &request)).await {
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

/// Returns the JSON object that an agent answered with. One of another status than 2xx counts only if it is a JSON-RPC
/// error.
pub(crate) async fn call(outgoing: &Outgoing, url: &str, request: &Value) -> Result<Value, String> {
    let response = outgoing.post_to_agent(url)?.json(request).send().await.map_err(|error| outgoing::cause(&error))?;
    let status = response.status();
    if status.is_redirection() {
        let to = response.headers().get(reqwest::header::LOCATION).and_then(|to| to.to_str().ok());
        let to = to.map_or("without saying where".into(), |to| format!("to {}", quote(to, QUOTE)));
        return Err(format!("the agent's url redirects (status {status}) {to}: register the url that answers itself"));
    }
    let text = outgoing::read_answer(response).await?;
    match json::parse(text.as_bytes()) {
        Ok(Value::Object(answer)) if status.is_success() || answer.get("error").is_some_and(Value::is_object) => {
            Ok(Value::Object(answer))
        }
        Err(JsonError::Limit(limit)) => Err(format!("the agent's answer cannot be kept: {limit}")),
        _ if !status.is_success() => {
            let quoted = quote(text.trim(), QUOTE);
            let colon = if quoted.is_empty() { "" } else { ": " };
            Err(format!("the agent answered with status {status}{colon}{quoted}"))
        }
        _ => Err(format!("the agent's answer is not JSON-RPC: {}", quote(text.trim(), QUOTE))),
    }
}

async fn request(outgoing: &Outgoing, method: &str, url: &str, body_json: Option<Value>) -> Result<Value, String> {
    let too_deep = |limit: JsonError| format!("the request's body with its variables: {limit}");
    body_json.as_ref().map_or(Ok(()), json::check_value).map_err(too_deep)?;
    let request = outgoing.request(method, url)?;
    let request = body_json.iter().fold(request, |request, body| request.json(body));
    let response = request.send().await.map_err(|error| outgoing::cause(&error))?;
    let status = response.status();
    let text = outgoing::read_answer(response).await?;
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
            let start = quote(&text, QUOTE);
            Err(format!("status {status}{}{start}", if start.is_empty() { "" } else { ": " }))
        }
    }
}
