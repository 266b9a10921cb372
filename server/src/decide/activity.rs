//! An activity is logged: the event is a hint, the bodies are kept beside it. Never a structure event.

use orrery_model::visibility;
use orrery_protocol::id::optional_id;
use orrery_protocol::workspace_event::Activity;
use orrery_protocol::{Cursor, WorkspaceChange, WorkspaceId};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{checks, event};
use crate::error::Refusal;
use crate::lenient;
use crate::limits;
use crate::log::{Bodies, Write};
use crate::publish::{Decision, State};

#[derive(Debug, Clone, Deserialize)]
pub struct Log {
    pub activity_type: String,
    pub method: Option<String>,
    pub summary: Option<String>,
    pub status: Option<String>,
    #[serde(default, deserialize_with = "optional_id")]
    pub source_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "optional_id")]
    pub target_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "lenient::rounded")]
    pub duration_ms: Option<u32>,
    pub request_body: Option<Box<RawValue>>,
    pub response_body: Option<Box<RawValue>>,
    pub error_detail: Option<Box<RawValue>>,
}

/// What an agent says came from itself. The receiving end of a message (`a2a_receive`) names who sent it, if that one can
/// talk to the receiver; whom a message is for is named freely.
pub fn check_source(state: &State, agent: &WorkspaceId, said: &Log) -> Result<(), Refusal> {
    let Some(source) = said.source_id.as_ref().filter(|source| *source != agent) else { return Ok(()) };
    let received = said.activity_type.trim() == "a2a_receive" && said.target_id.as_ref() == Some(agent);
    let slots = state.canvas.find(source).zip(state.canvas.find(agent));
    let can_talk = slots.is_some_and(|(source, agent)| visibility::can_communicate(&state.canvas, source, agent));
    match received && can_talk {
        true => Ok(()),
        false => Err(Refusal::Forbidden(format!(
            "source_id {source} is not workspace {agent}: an agent names itself as the source, or, in an a2a_receive \
             whose target_id it is, a workspace that can talk to it"
        ))),
    }
}

/// `activity_id`: a new one. Answers with the place of the event.
pub fn log(state: &State, id: &WorkspaceId, said: Log, activity_id: String) -> Result<Decision<Cursor>, Refusal> {
    state.known(id)?;
    let text = |body: Option<Box<RawValue>>| body.map(|body| body.get().to_owned()).filter(|text| text != "null");
    let bodies = Bodies {
        request: text(said.request_body),
        response: text(said.response_body),
        error_detail: text(said.error_detail),
    };
    let activity = Activity {
        id: Some(activity_id.clone()),
        activity_type: Some(checks::named("activity_type", &said.activity_type)?),
        method: said.method.map(|method| limits::text::cut(method, limits::text::LABEL)),
        summary: said.summary.map(|summary| limits::text::cut(summary, limits::text::SUMMARY)),
        status: said.status.map(|status| limits::text::cut(status, limits::text::LABEL)),
        source_id: said.source_id,
        target_id: said.target_id,
        duration_ms: said.duration_ms.map(u64::from),
    };
    let events = vec![event(state, id, WorkspaceChange::ActivityLogged(activity))];
    let writes = vec![Write::Bodies { activity_id, bodies }];
    Ok(Decision { events, writes, answer: Cursor { epoch: state.epoch.clone(), seq: state.seq() + 1 } })
}
