//! Run events of other systems: read line by line, each taken once. Never a workspace event: those follow from calls.

use std::collections::HashSet;

use orrery_protocol::run_event::RunEventFamily;
use orrery_protocol::{RunEvent, Timestamp, WorkspaceId, from_json};
use serde_json::Value;

use crate::error::quoted;
use crate::json;
use crate::limits::text::{MESSAGE, cut};

const LONGEST_KEY: usize = 256;
const LONGEST_KIND: usize = 64;

/// An event as it was sent, and the key it may be known by.
#[derive(Debug)]
pub struct Line {
    pub event: RunEvent,
    pub key: Option<String>,
}

/// Clocks differ by a little: a time that is not further ahead than this is shown as it was sent. In milliseconds.
const AHEAD: i64 = 5_000;

/// Reads one event. `key`: what the request said it is known by. `own`: the workspace whose agent sends it, which is
/// meant when none is named. A time in the future becomes `now`, for display; state never depends on it.
pub fn read(text: &str, key: Option<String>, own: Option<&WorkspaceId>, now: Timestamp) -> Result<Line, String> {
    let mut value: Value = json::parse_request(text.as_bytes()).map_err(|error| error.to_string())?;
    let map = value.as_object_mut().ok_or("an event is a JSON object")?;
    if map.contains_key("event") {
        return Err("workspace events are not taken in: they follow from calls".into());
    }
    match map.get("event_type").and_then(Value::as_str) {
        None => return Err("event_type is missing".into()),
        Some(kind) if kind.trim().is_empty() || kind.len() > LONGEST_KIND => {
            return Err(format!("event_type has 1 to {LONGEST_KIND} characters"));
        }
        Some(_) => {}
    }
    if map.get("timestamp").is_none_or(is_missing) {
        map.insert("timestamp".into(), serde_json::json!(now));
    }
    if let Some(own) = own.filter(|_| map.get("workspace_id").is_none_or(is_missing)) {
        map.insert("workspace_id".into(), own.as_str().into());
    }
    // Some languages write an empty object as an empty list.
    if map.get("data").is_some_and(|data| is_missing(data) || data.as_array().is_some_and(Vec::is_empty)) {
        map.remove("data");
    }
    let id = match map.remove("id") {
        Some(Value::String(id)) if (1..=LONGEST_KEY).contains(&id.len()) && !id.contains(char::is_control) => {
            Some(format!("event:{id}"))
        }
        Some(Value::Number(id)) => Some(format!("event:{id}")),
        Some(id) if is_missing(&id) => None,
        None => None,
        Some(other) => {
            return Err(format!(
                "id is a text of 1 to {LONGEST_KEY} printable characters, not {}",
                quoted(&other.to_string())
            ));
        }
    };
    let mut event: RunEvent = from_json(&value.to_string()).map_err(|error| error.to_string())?;
    event.message = event.message.map(|message| cut(message, MESSAGE));
    if event.timestamp > now.plus_millis(AHEAD) {
        event.timestamp = now;
    }
    let scope = own.map(|own| format!("{own}/")).unwrap_or_default();
    Ok(Line { event, key: id.or(key).map(|key| format!("{scope}{key}")) })
}

/// Whether a value is the same as a missing one (see section 1.4 of docs/protocol.md).
fn is_missing(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

impl Line {
    /// The id of the execution or run whose course this event would tell.
    pub fn tells_of(&self) -> Option<&str> {
        match self.event.event_type.family() {
            RunEventFamily::Workflow | RunEventFamily::Step => {
                self.event.workflow_execution_id.as_ref().map(|id| id.as_str())
            }
            RunEventFamily::Run => {
                let run = self.event.run_id.as_ref().map(|id| id.as_str());
                run.or(self.event.workflow_execution_id.as_ref().map(|id| id.as_str()))
            }
            RunEventFamily::Agent | RunEventFamily::Other => None,
        }
    }

    /// What this server runs, it tells itself.
    pub fn check_teller(&self, runs_here: &HashSet<String>) -> Result<(), String> {
        match self.tells_of().filter(|id| runs_here.contains(*id)) {
            Some(id) => Err(format!("{id} runs on this server, which tells of it itself")),
            None => Ok(()),
        }
    }
}
