//! The number that a record adds to the state's hash: the same on every platform. Never a defence against forgery.
//!
//! FNV-1a, 64 bit, over the fields in a fixed order, each text led by its length. Left out is what no event carries:
//! `uptime_seconds`.

use orrery_protocol::{AgentState, Execution, Run, Timestamp, Workspace};

pub(crate) struct Digest(u64);

const START: u64 = 0xcbf2_9ce4_8422_2325;

impl Digest {
    pub(crate) fn of(it: &Workspace) -> u64 {
        let mut digest = Self(START);
        digest.text(it.id.as_str());
        digest.text(&it.name);
        digest.maybe(it.role.as_deref());
        digest.number(it.tier.into());
        digest.text(it.status.as_str());
        digest.maybe(it.parent_id.as_ref().map(|id| id.as_str()));
        digest.maybe(it.url.as_deref());
        digest.maybe(it.agent_card.as_ref().map(|card| card.as_json()));
        digest.maybe(it.agent.as_ref().map(|agent| agent.id.as_ref().map_or("", |id| id.as_str())));
        digest.maybe(it.agent.as_ref().map(|agent| agent.model.as_str()));
        digest.maybe(it.current_task.as_deref());
        digest.number(it.active_tasks.into());
        digest.number(it.last_error_rate.to_bits());
        digest.maybe(it.last_sample_error.as_deref());
        digest.maybe(it.runtime.as_deref());
        digest.number(it.x.map_or(u64::MAX, f64::to_bits));
        digest.number(it.y.map_or(u64::MAX, f64::to_bits));
        digest.number(it.collapsed.into());
        digest.number(it.updated_at.millis() as u64);
        digest.number(it.status_since.millis() as u64);
        digest.maybe(it.failure.as_deref());
        digest.finish()
    }

    pub(crate) fn of_execution(it: &Execution) -> u64 {
        let mut digest = Self::new("execution");
        digest.text(it.execution_id.as_str());
        digest.maybe(it.workflow_id.as_ref().map(|id| id.as_str()));
        digest.maybe(it.workflow_name.as_deref());
        digest.text(it.status.as_str());
        digest.time(it.started_at);
        digest.time(it.completed_at);
        digest.seconds(it.duration_seconds);
        digest.maybe(it.error_message.as_deref());
        for count in [it.step_count, it.completed_steps, it.failed_steps, it.skipped_steps] {
            digest.number(count.into());
        }
        for step in &it.steps {
            digest.text(step.step_id.as_str());
            digest.maybe(step.step_name.as_deref());
            digest.maybe(step.step_type.as_deref());
            digest.number(step.step_order.map_or(u64::MAX, u64::from));
            step.depends_on_steps.iter().for_each(|name| digest.text(name));
            digest.text(step.status.as_str());
            digest.number(step.attempt.into());
            digest.maybe(step.workspace_id.as_ref().map(|id| id.as_str()));
            digest.time(step.started_at);
            digest.time(step.completed_at);
            digest.seconds(step.duration_seconds);
            digest.maybe(step.error_message.as_deref());
        }
        digest.finish()
    }

    pub(crate) fn of_run(it: &Run) -> u64 {
        let mut digest = Self::new("run");
        digest.text(it.run_id.as_str());
        digest.maybe(it.task_id.as_ref().map(|id| id.as_str()));
        digest.maybe(it.workspace_id.as_ref().map(|id| id.as_str()));
        digest.text(it.status.as_str());
        digest.maybe(it.message.as_deref());
        digest.time(it.started_at);
        digest.time(it.completed_at);
        digest.maybe(it.error_message.as_deref());
        digest.finish()
    }

    pub(crate) fn of_agent(it: &AgentState) -> u64 {
        let mut digest = Self::new("agent");
        digest.text(it.agent_id.as_str());
        digest.maybe(it.workspace_id.as_ref().map(|id| id.as_str()));
        digest.text(&it.status);
        digest.time(Some(it.since));
        digest.maybe(it.error.as_deref());
        digest.finish()
    }

    /// A family's name, so that a run and an agent of one id do not look alike.
    fn new(family: &str) -> Self {
        let mut digest = Self(START);
        digest.text(family);
        digest
    }

    fn time(&mut self, time: Option<Timestamp>) {
        self.number(time.map_or(u64::MAX, |time| time.millis() as u64));
    }

    fn seconds(&mut self, seconds: Option<f64>) {
        self.number(seconds.map_or(u64::MAX, f64::to_bits));
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes(text.as_bytes());
    }

    fn maybe(&mut self, text: Option<&str>) {
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

    /// Records are summed, so near numbers must not lie near each other.
    fn finish(self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed ^ (mixed >> 33)
    }
}
