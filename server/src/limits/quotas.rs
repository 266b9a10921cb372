//! How much each workspace may publish: events and bytes a second.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use orrery_protocol::WorkspaceId;

use super::Limits;
use super::bucket::Bucket;
use crate::error::Refusal;

/// Above so many, those that were quiet are forgotten.
const REMEMBERED: usize = 4096;

#[derive(Debug)]
pub struct Quotas {
    events: u32,
    bytes: u32,
    used: Mutex<HashMap<WorkspaceId, Used>>,
}

#[derive(Debug)]
struct Used {
    events: Bucket,
    bytes: Bucket,
}

impl Quotas {
    pub fn new(limits: &Limits) -> Self {
        Self { events: limits.workspace_events, bytes: limits.workspace_bytes, used: Mutex::default() }
    }

    /// Returns an error while the workspace has published more than its quota allows.
    pub fn check(&self, id: &WorkspaceId, now: Instant) -> Result<(), Refusal> {
        let mut used = self.lock();
        let Some(used) = used.get_mut(id) else { return Ok(()) };
        let refuse = |what: String| move |wait| Refusal::TooMany { what, wait };
        let Self { events, bytes, .. } = self;
        let many = format!("workspace {id} publishes more than {events} events a second");
        let much = format!("workspace {id} publishes more than {bytes} bytes a second");
        used.events.check(now, *events).map_err(refuse(many))?;
        used.bytes.check(now, *bytes).map_err(refuse(much))
    }

    /// Charges what was published. It is known only then, so one request may overdraw; the next one waits for it.
    pub fn charge(&self, id: &WorkspaceId, events: u64, bytes: u64, now: Instant) {
        let mut all = self.lock();
        if all.len() > REMEMBERED && !all.contains_key(id) {
            all.retain(|_, used| !used.events.is_fresh(now, self.events) || !used.bytes.is_fresh(now, self.bytes));
        }
        let new = || Used { events: Bucket::new(now), bytes: Bucket::new(now) };
        let used = all.entry(id.clone()).or_insert_with(new);
        used.events.charge(now, self.events, events as f64);
        used.bytes.charge(now, self.bytes, bytes as f64);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<WorkspaceId, Used>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn one_request_may_overdraw_and_the_next_one_waits_for_it() {
        let quotas = Quotas::new(&Limits { workspace_events: 1, workspace_bytes: 100, ..Limits::default() });
        let (id, other, now) = ("a".parse().unwrap(), "b".parse().unwrap(), Instant::now());
        quotas.charge(&id, 9, 0, now);
        assert!(quotas.check(&id, now).is_ok());
        quotas.charge(&id, 5, 10, now);
        let Err(Refusal::TooMany { wait, what }) = quotas.check(&id, now) else { panic!("overdrawn and let in") };
        assert!(wait > Duration::from_secs(4) && what.contains("1 events"), "{wait:?} {what}");
        assert!(quotas.check(&other, now).is_ok());
        assert!(quotas.check(&id, now + Duration::from_secs(6)).is_ok());
        quotas.charge(&other, 1, 5_000, now);
        let Err(Refusal::TooMany { what, .. }) = quotas.check(&other, now) else { panic!("overdrawn and let in") };
        assert!(what.contains("100 bytes"), "{what}");
    }

    #[test]
    fn quiet_workspaces_are_forgotten() {
        let quotas = Quotas::new(&Limits::default());
        let start = Instant::now();
        for number in 0..2 * REMEMBERED as u64 {
            let id = format!("w{number}").parse().unwrap();
            quotas.charge(&id, 1, 1, start + Duration::from_secs(number));
        }
        assert!(quotas.lock().len() <= REMEMBERED + 1);
    }
}
