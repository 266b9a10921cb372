//! What agents say of themselves: they register, they are alive, they fell silent (see section 7.1 of docs/protocol.md). Never how long is too long
//! in real time: silence is measured by the caller.

use std::time::Duration;

use orrery_protocol::{AgentCard, Event, Status, WorkspaceChange, WorkspaceId};
use serde::{Deserialize, Deserializer};

use super::{checks, event};
use crate::auth::TokenHash;
use crate::error::Refusal;
use crate::lenient;
use crate::limits::text;
use crate::log::Write;
use crate::publish::{Decision, State};

/// From this error rate on an online workspace is degraded …
const DEGRADED_FROM: f64 = 0.5;
/// … and below this one it is well again.
const WELL_BELOW: f64 = 0.1;

#[derive(Debug, Clone, Deserialize)]
pub struct Register {
    pub id: WorkspaceId,
    #[serde(deserialize_with = "null_is_default")]
    pub url: String,
    pub agent_card: AgentCard,
}

/// `token` is given to one that has none yet (`State::with_token`). Answers whether it was.
pub fn register(state: &State, said: &Register, token: TokenHash) -> Result<Decision<bool>, Refusal> {
    let (_, row) = state.known(&said.id)?;
    let (url, agent_card) = (checks::url(&said.url)?, Some(said.agent_card.clone()));
    let known = row.status == Status::Online && (url.is_none() || url == row.url) && agent_card == row.agent_card;
    let events = match known {
        true => Vec::new(),
        false => vec![event(state, &said.id, WorkspaceChange::Online { url, agent_card })],
    };
    let is_first = !state.with_token.contains(&said.id);
    let writes = is_first.then(|| Write::Token { workspace_id: said.id.clone(), hash: token }).into_iter().collect();
    Ok(Decision { events, writes, answer: is_first })
}

/// What is left out is nothing: no task, no errors.
#[derive(Debug, Clone, Deserialize)]
pub struct Heartbeat {
    pub workspace_id: WorkspaceId,
    #[serde(default, deserialize_with = "lenient::number_or_zero")]
    pub error_rate: f64,
    #[serde(default)]
    pub sample_error: Option<String>,
    #[serde(default, deserialize_with = "lenient::whole_or_zero")]
    pub active_tasks: u32,
    #[serde(default, deserialize_with = "lenient::number_or_zero")]
    pub uptime_seconds: f64,
    #[serde(default)]
    pub current_task: Option<String>,
    /// The task cannot be read, so the one that is known stays.
    #[serde(skip)]
    pub keeps_task: bool,
}

pub fn heartbeat(state: &State, said: &Heartbeat) -> Result<Decision<()>, Refusal> {
    let id = &said.workspace_id;
    let (_, row) = state.known(id)?;
    let rate = checks::rate("error_rate", said.error_rate)?;
    checks::seconds("uptime_seconds", said.uptime_seconds)?;
    let mut changes = Vec::new();
    let online = || WorkspaceChange::Online { url: row.url.clone(), agent_card: row.agent_card.clone() };
    let degraded = || {
        let sample_error = said.sample_error.clone().filter(|error| !error.is_empty());
        let sample_error = sample_error.map(|error| text::cut(error, text::SAMPLE_ERROR));
        WorkspaceChange::Degraded { error_rate: Some(rate), sample_error }
    };
    match &row.status {
        Status::Online if rate >= DEGRADED_FROM => changes.push(degraded()),
        Status::Degraded if rate < WELL_BELOW => changes.push(online()),
        Status::Online | Status::Degraded => {}
        // It was not heard of, or not lately: it is there now, and how well it is comes second.
        Status::Provisioning | Status::Offline | Status::Failed | Status::Removed | Status::Other(_) => {
            changes.push(online());
            changes.extend((rate >= DEGRADED_FROM).then(degraded));
        }
    }
    let current_task = match said.keeps_task {
        true => row.current_task.clone(),
        false => said.current_task.clone().filter(|task| !task.is_empty()),
    };
    let current_task = current_task.map(|task| text::cut(task, text::CURRENT_TASK));
    if current_task != row.current_task || said.active_tasks != row.active_tasks {
        changes.push(WorkspaceChange::TaskUpdated { current_task, active_tasks: said.active_tasks });
    }
    Ok(Decision::events(changes.into_iter().map(|change| event(state, id, change)).collect(), ()))
}

#[derive(Debug, Clone, Deserialize)]
pub struct UpdateCard {
    pub workspace_id: WorkspaceId,
    pub agent_card: AgentCard,
}

pub fn update_card(state: &State, said: UpdateCard) -> Result<Decision<()>, Refusal> {
    let (_, row) = state.known(&said.workspace_id)?;
    let UpdateCard { workspace_id: id, agent_card } = said;
    if row.agent_card.as_ref() == Some(&agent_card) {
        return Ok(Decision::nothing(()));
    }
    Ok(Decision::events(vec![event(state, &id, WorkspaceChange::AgentCardUpdated { agent_card })], ()))
}

/// How long an agent may be silent.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    pub heartbeat_ttl: Duration,
    pub provision_timeout: Duration,
}

impl Patience {
    /// What silence means for a workspace that stands so; `None` while it is still patient.
    pub fn judge(&self, status: &Status, silence: Duration) -> Option<WorkspaceChange> {
        match status {
            Status::Provisioning if silence >= self.provision_timeout => Some(WorkspaceChange::ProvisionFailed {
                reason: "provisioning timeout -- no heartbeat received".into(),
            }),
            Status::Online | Status::Degraded if silence >= self.heartbeat_ttl => Some(WorkspaceChange::Offline),
            _ => None,
        }
    }
}

/// Looks again at those who seemed silent: one may have been heard of, or be gone, since.
pub fn silent(
    state: &State,
    suspects: &[WorkspaceId],
    patience: Patience,
    silence: impl Fn(&WorkspaceId) -> Duration,
) -> Vec<Event> {
    let judged = suspects.iter().filter_map(|id| {
        let row = state.canvas.workspace(id)?;
        Some(event(state, id, patience.judge(&row.status, silence(id))?))
    });
    judged.collect()
}

/// The process of a workspace ended by itself: while it was starting, that is why it never came.
pub fn died(state: &State, id: &WorkspaceId, reason: String) -> Vec<Event> {
    let starting = state.canvas.workspace(id).filter(|row| row.status == Status::Provisioning);
    starting.map(|_| event(state, id, WorkspaceChange::ProvisionFailed { reason })).into_iter().collect()
}

pub(crate) fn null_is_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    from: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

#[cfg(test)]
mod tests;
