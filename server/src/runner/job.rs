//! Does a step's work: asks an agent or makes an HTTP request. Never decides what its end means.

use serde_json::{Value, json};

use super::agent_call::{ask, message};
use super::answer::QUOTE;
use super::execution::Job;
use super::failure::Failure;
use super::size::quote;
use crate::app::Shared;
use crate::json::{self, JsonError};
use crate::outgoing::{self, Outgoing};

/// What went over the wire.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Exchange {
    pub request: Value,
    pub response: Option<Value>,
}

/// `url`: the workspace's registered address, for an agent's job. `key` names this attempt for good.
pub(super) async fn run(
    app: &Shared,
    job: Job,
    url: Option<String>,
    key: &str,
) -> (Result<Value, Failure>, Option<Exchange>) {
    match job {
        Job::Agent { message: text, .. } => {
            let request = message(&text, key);
            let Some(url) = url else {
                let reason = "the workspace has no registered url".to_owned();
                return (Err(reason.into()), Some(Exchange { request, response: None }));
            };
            let outcome = ask(app, &url, &request, key).await;
            let response = outcome.as_ref().ok().map(|(_, response)| response.clone());
            let exchange = Some(Exchange { request, response });
            (outcome.and_then(|(answer, _)| answer), exchange)
        }
        Job::Http { method, url, body } => (request(&app.outgoing, &method, &url, body).await, None),
    }
}

async fn request(outgoing: &Outgoing, method: &str, url: &str, body_json: Option<Value>) -> Result<Value, Failure> {
    let too_deep = |limit: JsonError| Failure::without_retry(format!("the request's body with its variables: {limit}"));
    body_json.as_ref().map_or(Ok(()), json::check_value).map_err(too_deep)?;
    let request = outgoing.request(method, url)?;
    let request = body_json.iter().fold(request, |request, body| request.json(body));
    let response = request.send().await.map_err(|error| outgoing::cause(&error))?;
    let status = response.status();
    let text = outgoing.read_answer(response).await?;
    match status.is_success() {
        true => {
            let body = match json::parse(text.as_bytes()) {
                Ok(body) => body,
                Err(JsonError::Malformed(_)) => Value::String(text),
                Err(JsonError::Limit(limit)) => {
                    return Err(Failure::without_retry(format!("the answer cannot be stored: {limit}")));
                }
            };
            Ok(json!({ "status": status.as_u16(), "body": body }))
        }
        false => {
            let start = quote(&text, QUOTE);
            Err(format!("status {status}{}{start}", if start.is_empty() { "" } else { ": " }).into())
        }
    }
}
