//! Asks an agent over A2A: sends the message without waiting for the work, then polls the agent's task until it ends.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::answer::{Answer, QUOTE, read_answer};
use super::failure::Failure;
use super::size::quote;
use crate::app::Shared;
use crate::json::{self, JsonError};
use crate::outgoing;

/// The pause before the first look at an agent's task. Each further one is half as long again, up to `MAX_PAUSE`.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const MAX_PAUSE: Duration = Duration::from_secs(10);
/// After so many polls in a row without an answer the agent is considered gone.
const MAX_LOST_POLLS: u32 = 5;
/// How long `tasks/cancel` may take.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the answer to a message is waited for after its attempt was given up: without it nobody knows which task to cancel.
const LATE_ANSWER: Duration = Duration::from_secs(3);

/// Returns the request of an attempt. `key` names the attempt for good, so that an agent may notice a message that came twice.
pub(super) fn message(text: &str, key: &str) -> Value {
    let message =
        json!({ "kind": "message", "role": "user", "messageId": key, "parts": [{ "kind": "text", "text": text }] });
    // Early versions of A2A require the list; an empty one accepts everything.
    let configuration = json!({ "blocking": false, "acceptedOutputModes": [] });
    json!({ "jsonrpc": "2.0", "id": key, "method": "message/send",
            "params": { "message": message, "configuration": configuration } })
}

/// Returns the outcome, and the response that it was read from. The outer error: there was none.
pub(super) async fn ask(
    app: &Shared,
    url: &str,
    request: &Value,
    key: &str,
) -> Result<(Result<Value, Failure>, Value), Failure> {
    let mut call = AgentCall { app: app.clone(), url: url.to_owned(), key: key.to_owned(), state: State::Over };
    let mut response = call.send(request).await?;
    let mut pause = FIRST_PAUSE;
    loop {
        let outcome = match read_answer(&response) {
            Answer::Working { task } => {
                call.state = State::Working(task);
                response = call.poll(&mut pause).await?;
                continue;
            }
            Answer::Completed(output) => Ok(output),
            Answer::Failed(reason) => Err(reason.into()),
        };
        call.state = State::Over;
        return Ok((outcome, response));
    }
}

/// One attempt at an agent. Dropped before it is over, it cancels the agent's task.
struct AgentCall {
    app: Shared,
    url: String,
    key: String,
    state: State,
}

enum State {
    /// The message is on its way, and the agent may have accepted it.
    Sending(JoinHandle<Result<Value, Failure>>),
    /// The agent works on the task with this id.
    Working(Value),
    Over,
}

impl AgentCall {
    async fn send(&mut self, request: &Value) -> Result<Value, Failure> {
        let (app, url, request) = (self.app.clone(), self.url.clone(), request.clone());
        self.state = State::Sending(tokio::spawn(async move { call(&app, &url, &request).await }));
        let State::Sending(sending) = &mut self.state else { unreachable!("it was just set") };
        let response = sending.await;
        self.state = State::Over;
        response.unwrap_or_else(|_| Err("the server's own error; its log says more".to_owned().into()))
    }

    /// Asks for the task after a pause, and again where no answer comes.
    async fn poll(&mut self, pause: &mut Duration) -> Result<Value, Failure> {
        let State::Working(task) = &self.state else { unreachable!("only an accepted task is polled") };
        let request = about_task("tasks/get", task, &self.key);
        let mut lost = 0;
        loop {
            sleep(*pause).await;
            *pause = (*pause * 3 / 2).min(MAX_PAUSE);
            match call(&self.app, &self.url, &request).await {
                Err(failure) if failure.may_retry && lost < MAX_LOST_POLLS => lost += 1,
                result => return result,
            }
        }
    }
}

impl Drop for AgentCall {
    fn drop(&mut self) {
        let state = std::mem::replace(&mut self.state, State::Over);
        // Without a runtime the whole server has ended.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (app, url, key) = (self.app.clone(), std::mem::take(&mut self.url), std::mem::take(&mut self.key));
        match state {
            State::Over => {}
            State::Working(task) => drop(runtime.spawn(async move { cancel(&app, &url, &task, &key).await })),
            State::Sending(mut sending) => drop(runtime.spawn(async move {
                match timeout(LATE_ANSWER, &mut sending).await {
                    Ok(Ok(Ok(response))) => {
                        if let Answer::Working { task } = read_answer(&response) {
                            cancel(&app, &url, &task, &key).await;
                        }
                    }
                    Ok(_) => {}
                    // An agent that works before it answers can only notice that nobody listens any more.
                    Err(_) => sending.abort(),
                }
            })),
        }
    }
}

async fn cancel(app: &Shared, url: &str, task: &Value, key: &str) {
    let request = about_task("tasks/cancel", task, key);
    if let Ok(Err(failure)) = timeout(CANCEL_TIMEOUT, call(app, url, &request)).await {
        tracing::info!(reason = failure.reason, url, "a task could not be cancelled at its agent");
    }
}

fn about_task(method: &str, id: &Value, key: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": key, "method": method, "params": { "id": id } })
}

/// Returns the JSON object that an agent answered with. One of another status than 2xx counts only if it is a JSON-RPC
/// error.
pub(crate) async fn call(app: &Shared, url: &str, request: &Value) -> Result<Value, Failure> {
    let outgoing = &app.outgoing;
    let response = outgoing.post_to_agent(url)?.json(request).send().await.map_err(|error| outgoing::cause(&error))?;
    let status = response.status();
    if status.is_redirection() {
        let to = response.headers().get(reqwest::header::LOCATION).and_then(|to| to.to_str().ok());
        let to = to.map_or("without saying where".into(), |to| format!("to {}", quote(to, QUOTE)));
        let reason = format!("the agent's url redirects (status {status}) {to}: register the url that answers itself");
        return Err(reason.into());
    }
    let text = outgoing.read_answer(response).await?;
    match json::parse(text.as_bytes()) {
        Ok(Value::Object(answer)) if status.is_success() || answer.get("error").is_some_and(Value::is_object) => {
            Ok(Value::Object(answer))
        }
        Err(JsonError::Limit(limit)) => {
            Err(Failure::without_retry(format!("the agent's answer cannot be stored: {limit}")))
        }
        _ if !status.is_success() => {
            let quoted = quote(text.trim(), QUOTE);
            let colon = if quoted.is_empty() { "" } else { ": " };
            Err(format!("the agent answered with status {status}{colon}{quoted}").into())
        }
        _ => Err(format!("the agent's answer is not JSON-RPC: {}", quote(text.trim(), QUOTE)).into()),
    }
}
