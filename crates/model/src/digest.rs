//! Digests of records, from which the hash of the state is computed (see section 6.4 of docs/protocol.md). Equal on every
//! platform; not safe against forgery.
//!
//! A digest is the 64-bit FNV-1a of the fields in a fixed order. `uptime_seconds` is left out because no event carries it.

use orrery_protocol::{AgentState, Execution, Run, Timestamp, Workspace};

pub(crate) struct Digest(u64);

const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;

impl Digest {
    pub(crate) fn of_workspace(workspace: &Workspace) -> u64 {
        let mut digest = Self(OFFSET_BASIS);
        digest.text(workspace.id.as_str());
        digest.text(&workspace.name);
        digest.optional_text(workspace.role.as_deref());
        digest.number(workspace.tier.into());
        digest.text(workspace.status.as_str());
        digest.optional_text(workspace.parent_id.as_ref().map(|id| id.as_str()));
        digest.optional_text(workspace.url.as_deref());
        digest.optional_text(workspace.agent_card.as_ref().map(|card| card.as_json()));
        digest.optional_text(workspace.agent.as_ref().map(|agent| agent.id.as_ref().map_or("", |id| id.as_str())));
        digest.optional_text(workspace.agent.as_ref().map(|agent| agent.model.as_str()));
        digest.optional_text(workspace.current_task.as_deref());
        digest.number(workspace.active_tasks.into());
        digest.number(workspace.last_error_rate.to_bits());
        digest.optional_text(workspace.last_sample_error.as_deref());
        digest.optional_text(workspace.runtime.as_deref());
        digest.number(workspace.x.map_or(u64::MAX, f64::to_bits));
        digest.number(workspace.y.map_or(u64::MAX, f64::to_bits));
        digest.number(workspace.pinned.map_or(u64::MAX, u64::from));
        digest.number(workspace.collapsed.into());
        digest.number(workspace.updated_at.millis() as u64);
        digest.number(workspace.status_since.millis() as u64);
        digest.optional_text(workspace.failure.as_deref());
        digest.finish()
    }

    pub(crate) fn of_execution(execution: &Execution) -> u64 {
        let mut digest = Self::new("execution");
        digest.text(execution.execution_id.as_str());
        digest.optional_text(execution.workflow_id.as_ref().map(|id| id.as_str()));
        digest.optional_text(execution.workflow_name.as_deref());
        digest.text(execution.status.as_str());
        digest.optional_time(execution.started_at);
        digest.optional_time(execution.completed_at);
        digest.optional_float(execution.duration_seconds);
        digest.optional_text(execution.error_message.as_deref());
        for count in [execution.step_count, execution.completed_steps, execution.failed_steps, execution.skipped_steps]
        {
            digest.number(count.into());
        }
        for step in &execution.steps {
            digest.text(step.step_id.as_str());
            digest.optional_text(step.step_name.as_deref());
            digest.optional_text(step.step_type.as_deref());
            digest.number(step.step_order.map_or(u64::MAX, u64::from));
            step.depends_on_steps.iter().for_each(|name| digest.text(name));
            digest.text(step.status.as_str());
            digest.number(step.attempt.into());
            digest.optional_text(step.workspace_id.as_ref().map(|id| id.as_str()));
            digest.optional_time(step.started_at);
            digest.optional_time(step.completed_at);
            digest.optional_float(step.duration_seconds);
            digest.optional_text(step.error_message.as_deref());
        }
        digest.finish()
    }

    pub(crate) fn of_run(run: &Run) -> u64 {
        let mut digest = Self::new("run");
        digest.text(run.run_id.as_str());
        digest.optional_text(run.task_id.as_ref().map(|id| id.as_str()));
        digest.optional_text(run.workspace_id.as_ref().map(|id| id.as_str()));
        digest.text(run.status.as_str());
        digest.optional_text(run.message.as_deref());
        digest.optional_time(run.started_at);
        digest.optional_time(run.completed_at);
        digest.optional_text(run.error_message.as_deref());
        if run.attempt > 1 {
            digest.number(run.attempt.into());
            run.starts.iter().for_each(|start| digest.optional_time(Some(*start)));
            for end in &run.ends {
                digest.optional_time(Some(end.at));
                digest.text(end.status.as_str());
            }
        }
        digest.finish()
    }

    pub(crate) fn of_agent(agent: &AgentState) -> u64 {
        let mut digest = Self::new("agent");
        digest.text(agent.agent_id.as_str());
        digest.optional_text(agent.workspace_id.as_ref().map(|id| id.as_str()));
        digest.text(&agent.status);
        digest.optional_time(Some(agent.since));
        digest.optional_text(agent.error.as_deref());
        digest.finish()
    }

    /// Starts with the kind of the record, so that a run and an agent with equal fields have different digests.
    fn new(kind: &str) -> Self {
        let mut digest = Self(OFFSET_BASIS);
        digest.text(kind);
        digest
    }

    fn optional_time(&mut self, time: Option<Timestamp>) {
        self.number(time.map_or(u64::MAX, |time| time.millis() as u64));
    }

    fn optional_float(&mut self, seconds: Option<f64>) {
        self.number(seconds.map_or(u64::MAX, f64::to_bits));
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes(text.as_bytes());
    }

    fn optional_text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.number(u64::MAX),
        }
    }

    fn number(&mut self, number: u64) {
        self.bytes(&number.to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// Mixes the bits, because the digests are summed and FNV-1a gives similar records similar numbers.
    fn finish(self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed ^ (mixed >> 33)
    }
}
