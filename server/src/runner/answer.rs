//! Reads what an agent answered over A2A. Nothing counts as success unless it is recognised as success.

use serde_json::{Map, Value, json};

use super::size::quote;

/// The most bytes of an answer that are quoted in an error.
pub(super) const QUOTE: usize = 200;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    /// The agent works on a task with this id.
    Working {
        task: Value,
    },
    /// `{text, data?, files?, other?}`: the texts joined by lines, the parts of other kinds as they came.
    Completed(Value),
    Failed(String),
}

/// Reads a JSON-RPC response to `message/send` or `tasks/get`: a message or a task, alone or wrapped as `{"task": …}` or
/// `{"message": …}`, with or without `kind`.
pub(super) fn read_answer(response: &Value) -> Answer {
    if let Some(error) = response.get("error").filter(|error| !error.is_null()) {
        let message = error["message"].as_str().or(error.as_str());
        return Answer::Failed(message.map_or_else(|| quote(&error.to_string(), QUOTE), str::to_owned));
    }
    let result = response.get("result").map(unwrap).unwrap_or(&Value::Null);
    if is_task(result) {
        return read_task(result, response);
    }
    match is_message(result).then(|| read_parts(&result["parts"])).flatten() {
        Some(output) => Answer::Completed(output.into()),
        None => unknown("the agent's answer is neither a message nor a task", response),
    }
}

/// Returns what a wrapped result holds.
fn unwrap(result: &Value) -> &Value {
    match result.as_object() {
        Some(map) if map.len() == 1 => map.get("task").or_else(|| map.get("message")).unwrap_or(result),
        _ => result,
    }
}

fn is_task(result: &Value) -> bool {
    match result["kind"].as_str() {
        Some(kind) => kind == "task",
        None => result["status"].is_object(),
    }
}

fn is_message(result: &Value) -> bool {
    let is_agents = match result.get("role") {
        None | Some(Value::Null) => true,
        Some(role) => role.as_str().is_some_and(|role| role == "agent" || role == "ROLE_AGENT"),
    };
    is_agents && result["parts"].is_array() && result["kind"].as_str().is_none_or(|kind| kind == "message")
}

fn read_task(task: &Value, response: &Value) -> Answer {
    let Some(state) = task["status"]["state"].as_str() else {
        return unknown("the agent's task has no state", response);
    };
    let said = read_parts(&task["status"]["message"]["parts"]).unwrap_or_default();
    match &*state_name(state) {
        "submitted" | "working" => match &task["id"] {
            id @ (Value::String(_) | Value::Number(_)) => Answer::Working { task: id.clone() },
            _ => unknown("the agent's task goes on, but has no id", response),
        },
        "completed" => Answer::Completed(output_of(task, said).into()),
        known @ ("failed" | "canceled" | "rejected" | "input-required" | "auth-required") => {
            match said.get("text").and_then(Value::as_str).filter(|text| !text.is_empty()) {
                Some(text) => Answer::Failed(text.to_owned()),
                None => Answer::Failed(format!("the agent's task is {known}")),
            }
        }
        _ => unknown(&format!("the agent's task is in the unknown state {:?}", quote(state, 64)), response),
    }
}

/// `TASK_STATE_INPUT_REQUIRED` and `input_required` are `input-required`.
fn state_name(state: &str) -> String {
    let name = state.to_ascii_lowercase().replace('_', "-");
    let name = name.strip_prefix("task-state-").unwrap_or(&name);
    if name == "cancelled" { "canceled".into() } else { name.to_owned() }
}

/// Returns what a completed task put out: its artifacts, or else what it said last.
fn output_of(task: &Value, said: Map<String, Value>) -> Map<String, Value> {
    let artifacts = task["artifacts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let parts: Vec<Value> =
        artifacts.iter().filter_map(|artifact| artifact["parts"].as_array()).flatten().cloned().collect();
    let is_empty = |output: &Map<String, Value>| output.len() == 1 && output["text"] == "";
    let of_artifacts = read_parts(&Value::Array(parts)).unwrap_or_default();
    if !is_empty(&of_artifacts) {
        return of_artifacts;
    }
    if !said.is_empty() && !is_empty(&said) {
        return said;
    }
    let history = task["history"].as_array().map(Vec::as_slice).unwrap_or_default();
    let last = history.last().filter(|message| message.get("role").is_some() && is_message(message));
    last.and_then(|message| read_parts(&message["parts"])).unwrap_or(of_artifacts)
}

/// Returns `{text, data?, files?, other?}`, or None when there are no parts to read.
fn read_parts(parts: &Value) -> Option<Map<String, Value>> {
    let (mut texts, mut data, mut files, mut other) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for part in parts.as_array()? {
        let file = ["file", "url", "raw"].iter().any(|key| part.get(*key).is_some());
        match (part["text"].as_str(), part.get("data")) {
            (Some(text), _) => texts.push(text),
            (None, Some(value)) => data.push(value.clone()),
            (None, None) if file => files.push(part.get("file").unwrap_or(part).clone()),
            (None, None) => other.push(part.clone()),
        }
    }
    let mut output = Map::from_iter([("text".to_owned(), json!(texts.join("\n")))]);
    for (key, values) in [("data", data), ("files", files), ("other", other)] {
        if !values.is_empty() {
            output.insert(key.to_owned(), values.into());
        }
    }
    Some(output)
}

fn unknown(reason: &str, response: &Value) -> Answer {
    Answer::Failed(format!("{reason}: {}", quote(&response.to_string(), QUOTE)))
}
