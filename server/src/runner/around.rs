//! What an agent step means for its workspace: the task on the card, the agent's state, the activity on both sides.
//! Pure: decided inside the door, from the state there. Never the execution's own events.

use std::collections::HashMap;
use std::sync::Arc;

use orrery_protocol::workspace_event::Activity;
use orrery_protocol::{
    AgentId, Event, RunEvent, RunEventKind as Kind, Timestamp, WorkspaceChange, WorkspaceEvent, WorkspaceId,
};
use serde_json::{Value, json};

use super::card::Ours;
use super::definition::Work;
use super::execution::{Advance, Effect, Execution, Job, Stage, Subject};
use super::job::Exchange;
use super::size;
use crate::clock;
use crate::log::{Bodies, Write};
use crate::publish::State;

/// A longer message is cut on the card.
const LONGEST_TASK: usize = 200;

/// What an execution did in one go.
pub(super) struct Moved {
    pub before: Option<Execution>,
    pub after: Execution,
    pub advance: Advance,
    /// What went over the wire in the step that just ended by itself.
    pub exchange: Option<Exchange>,
    pub now: Timestamp,
    /// The key of the word of another server that led to it.
    pub heard_as: Option<Arc<str>>,
}

/// The events that come before and after the execution's own, so that its last event is the last of all.
#[derive(Default)]
pub(super) struct Around {
    pub ends: Vec<Event>,
    pub starts: Vec<Event>,
    pub writes: Vec<Write>,
    /// The states of agents that these events say.
    agents: HashMap<AgentId, &'static str>,
}

impl Around {
    fn known_state(&self, state: &State, agent: &AgentId) -> String {
        let said = self.agents.get(agent).map(|said| (*said).to_owned());
        let known = || state.canvas.runs().agent(agent.as_str()).map(|agent| agent.status.clone());
        said.or_else(known).unwrap_or_else(|| "idle".into())
    }
}

impl Moved {
    pub(super) fn around(&self, state: &State, ours: &Ours) -> Around {
        let mut around = Around::default();
        self.ended().for_each(|step| self.end(step, state, ours, &mut around));
        for effect in &self.advance.effects {
            if let Effect::Run { step, job: Job::Agent { message, workspace_id }, .. } = effect {
                self.start(*step, message, workspace_id, state, &mut around);
            }
        }
        self.update_cards(state, ours, &mut around);
        around
    }

    /// The agent steps whose attempt was under way and is no longer.
    pub(super) fn ended(&self) -> impl Iterator<Item = usize> {
        let before = self.before.iter().flat_map(|before| before.state.steps.iter().enumerate());
        before.filter_map(|(step, before)| {
            let agent = matches!(self.after.definition.steps[step].work, Work::Agent { .. });
            let runs = |stage: Stage| matches!(stage, Stage::Running { .. });
            (agent && runs(before.stage) && !runs(self.after.state.steps[step].stage)).then_some(step)
        })
    }

    fn start(&self, step: usize, message: &str, id: &WorkspaceId, state: &State, around: &mut Around) {
        if state.canvas.workspace(id).is_none() {
            return;
        }
        let agent = agent_of(state, id);
        let known = around.known_state(state, &agent);
        if known != "busy" {
            around.agents.insert(agent.clone(), "busy");
            let data = json!({ "previous_status": known, "status": "busy" });
            around.starts.push(self.agent_event(
                Kind::AgentStatusChanged,
                step,
                id,
                &agent,
                data,
                "starts to work".into(),
            ));
        }
        let data = json!({ "role": "user", "text": message });
        around.starts.push(self.agent_event(
            Kind::AgentMessage,
            step,
            id,
            &agent,
            data,
            format!("is asked: {}", shown(message)),
        ));
    }

    fn end(&self, step: usize, state: &State, ours: &Ours, around: &mut Around) {
        let before = &self.before.as_ref().expect("only what was there ends").state.steps[step];
        let after = &self.after.state.steps[step];
        let Some(id) = before.workspace_id.as_ref() else { return };
        if state.canvas.workspace(id).is_none() {
            return;
        }
        let message = self.after.message(step).unwrap_or_default();
        let agent = agent_of(state, id);
        let name = &self.after.definition.steps[step].name;
        let (status, word, error) = match after.stage {
            Stage::Completed => ("idle", "ok", None),
            Stage::Cancelled => ("idle", "cancelled", None),
            _ => ("error", "error", after.error.clone()),
        };
        let took = self.now.millis() - before.attempt_at.unwrap_or(self.now).millis();
        let took = u64::try_from(took).unwrap_or_default();

        if let Some(text) = after.output.as_ref().and_then(|output| output["text"].as_str()) {
            let data = json!({ "role": "agent", "text": text });
            let words = format!("answers: {}", shown(text));
            around.ends.push(self.agent_event(Kind::AgentMessage, step, id, &agent, data, words));
        }
        let data = json!({ "activity": format!("step {name}"), "status": word, "duration_ms": took, "error": error });
        let words = format!("{name}: {word}");
        around.ends.push(self.agent_event(Kind::AgentActivity, step, id, &agent, data, words));
        self.log(step, id, &message, (word, error.as_deref(), took), state, around);
        let freed = self.frees(id, state, ours);
        let known = around.known_state(state, &agent);
        if freed && known != status {
            around.agents.insert(agent.clone(), status);
            let data = json!({ "previous_status": known, "status": status, "error": error });
            let words = error.as_ref().map_or("is free again".into(), |error| format!("failed: {error}"));
            around.ends.push(self.agent_event(Kind::AgentStatusChanged, step, id, &agent, data, words));
        }
    }

    /// On the side of the agent that was asked, and of the one whose work led here.
    fn log(
        &self,
        step: usize,
        target: &WorkspaceId,
        message: &str,
        (status, error, took): (&str, Option<&str>, u64),
        state: &State,
        around: &mut Around,
    ) {
        let source = self.source(step, target).filter(|id| state.canvas.find(id).is_some());
        let sides = source.iter().map(|id| (id, "a2a_send")).chain([(target, "a2a_receive")]);
        for (side, kind) in sides {
            let id = clock::mint_text();
            let activity = Activity {
                id: Some(id.clone()),
                activity_type: Some(kind.into()),
                method: Some("message/send".into()),
                summary: Some(shown(message)),
                status: Some(status.into()),
                source_id: source.clone(),
                target_id: Some(target.clone()),
                duration_ms: Some(took),
            };
            let request = self.exchange.as_ref().map(|exchange| exchange.request.clone());
            let response = self.exchange.as_ref().and_then(|exchange| exchange.response.clone());
            let bodies = Bodies {
                request: Some(size::fit_body(&request.unwrap_or_else(|| super::agent_call::message(message, "")))),
                response: response.as_ref().map(size::fit_body),
                error_detail: error.map(|error| json!(error).to_string()),
            };
            let change = WorkspaceChange::ActivityLogged(activity);
            around.ends.push(Event::Workspace(WorkspaceEvent {
                workspace_id: side.clone(),
                timestamp: self.now,
                change,
            }));
            around.writes.push(Write::Bodies { activity_id: id, bodies });
        }
    }

    /// The workspace of the nearest agent step that this one waited for.
    fn source(&self, step: usize, target: &WorkspaceId) -> Option<WorkspaceId> {
        let mut near = std::collections::VecDeque::from(self.after.definition.steps[step].depends_on.clone());
        while let Some(step) = near.pop_front() {
            match &self.after.state.steps[step].workspace_id {
                Some(id) if id != target => return Some(id.clone()),
                _ => near.extend(&self.after.definition.steps[step].depends_on),
            }
        }
        None
    }

    fn agent_event(
        &self,
        kind: Kind,
        step: usize,
        id: &WorkspaceId,
        agent: &AgentId,
        data: Value,
        words: String,
    ) -> Event {
        let mut event = RunEvent::new(kind, self.now);
        event.workspace_id = Some(id.clone());
        event.agent_id = Some(agent.clone());
        match &self.after.state.subject {
            Subject::Workflow => {
                event.workflow_id.clone_from(&self.after.definition.workflow.workflow_id);
                event.workflow_execution_id = Some(self.after.state.execution_id.clone());
                event.workflow_step_id.clone_from(&self.after.definition.workflow.steps[step].step_id);
            }
            Subject::Task { task_id, run_id, .. } => {
                event.task_id = Some(task_id.clone());
                event.run_id = Some(run_id.clone());
            }
        }
        event.data = if let Value::Object(data) = data { data } else { Default::default() };
        event.message = Some(words);
        Event::Run(event)
    }
}

/// An agent of which no id was ever said goes by its workspace's.
fn agent_of(state: &State, id: &WorkspaceId) -> AgentId {
    let agent = state.canvas.workspace(id).and_then(|row| row.agent.as_ref()?.id.clone());
    agent.unwrap_or_else(|| id.as_str().parse().expect("an id is an id"))
}

/// As it stands on the card.
pub(super) fn shown(message: &str) -> String {
    match message.chars().count() > LONGEST_TASK {
        true => message.chars().take(LONGEST_TASK - 1).chain(['…']).collect(),
        false => message.to_owned(),
    }
}
