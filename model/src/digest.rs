//! The number that a record adds to the state's hash: the same on every platform. Never a defence against forgery.
//!
//! FNV-1a, 64 bit, over the fields in a fixed order, each text led by its length. Left out is what no event carries:
//! `uptime_seconds`.

use orrery_protocol::Workspace;

pub(crate) struct Digest(u64);

impl Digest {
    pub(crate) fn of(it: &Workspace) -> u64 {
        let mut digest = Self(0xcbf2_9ce4_8422_2325);
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
