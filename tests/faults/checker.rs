//! Checks what clients received against the log, and the log against the outcomes of the writes.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::atomic::Ordering::Relaxed;

use orrery_model::{Canvas, Changes, visibility};
use orrery_protocol::{Event, EventEnvelope, RunEventKind, WorkspaceChange, WorkspaceId};

use crate::cluster::Log;
use crate::listener::{Listener, Role, Seen};
use crate::write_records::{WriteOutcome, WriteRecords};

#[derive(Debug, Default)]
pub struct Report {
    events: u64,
    acknowledged: usize,
    without_answer: usize,
    clients: usize,
    cuts: usize,
    deliveries: usize,
    told_missing: u64,
    lost: Vec<String>,
    doubled: Vec<String>,
    out_of_order: Vec<String>,
    /// Received although not for this client, or different from the log.
    leaked: Vec<String>,
    rolled_back: Vec<String>,
    hashes: Vec<String>,
    executions: usize,
    /// Executions without exactly one end, or with something after it.
    badly_ended: Vec<String>,
}

impl Report {
    pub fn of(log: &Log, write_records: &WriteRecords, listeners: &[Listener]) -> Self {
        let mut verdict = Self { events: log.head(), clients: listeners.len(), ..Self::default() };
        verdict.check_writes(log, write_records);
        verdict.check_executions(log);
        let audience = Audience::of(log);
        let state = |at: u64| {
            let mut canvas = Canvas::new();
            log.events.iter().take(at as usize).for_each(|event| {
                canvas.apply(event, &mut Changes::default());
            });
            canvas
        };
        let end = state(log.head()).hash();
        for (number, listener) in listeners.iter().enumerate() {
            let seen = listener.seen.lock().unwrap();
            verdict.cuts += listener.cuts.load(Relaxed);
            verdict.deliveries += seen.events.len();
            verdict.check(log, &audience, &listener.role, &seen, number);
            let (start, is_whole) = (seen.start, seen.told_missing.is_empty());
            drop(seen);
            if listener.role == Role::Canvas && is_whole && listener.fold(state(start)) != end {
                verdict.hashes.push(format!("client {number}"));
            }
        }
        verdict
    }

    pub fn is_clean(&self) -> bool {
        self.faults().iter().all(|faults| faults.is_empty())
    }

    /// Returns the first faults of each kind.
    pub fn details(&self) -> String {
        self.faults().iter().flat_map(|faults| faults.iter().take(5)).cloned().collect::<Vec<_>>().join("\n")
    }

    fn faults(&self) -> [&Vec<String>; 7] {
        let Self { lost, doubled, out_of_order, leaked, rolled_back, hashes, badly_ended, .. } = self;
        [lost, doubled, out_of_order, leaked, rolled_back, hashes, badly_ended]
    }

    fn check_executions(&mut self, log: &Log) {
        let mut courses: HashMap<&str, Vec<RunEventKind>> = HashMap::new();
        for logged in &log.events {
            if let Event::Run(event) = &logged.event
                && let Some(id) = &event.workflow_execution_id
            {
                courses.entry(id.as_str()).or_default().push(event.event_type.clone());
            }
        }
        use RunEventKind::{WorkflowCancelled, WorkflowCompleted, WorkflowFailed};
        let ends = |kind: &&RunEventKind| matches!(kind, WorkflowCompleted | WorkflowFailed | WorkflowCancelled);
        self.executions = courses.len();
        for (id, course) in courses {
            if course.iter().filter(ends).count() != 1 || !course.last().as_ref().is_some_and(ends) {
                self.badly_ended.push(format!("{id}: {course:?}"));
            }
        }
    }

    /// Checks that acknowledged writes are in the log once, and rejected ones are not.
    fn check_writes(&mut self, log: &Log, write_records: &WriteRecords) {
        let mut places: HashMap<String, Vec<u64>> = HashMap::new();
        for logged in &log.events {
            if let Some(mark) = mark(&logged.event) {
                places.entry(mark.to_owned()).or_default().push(logged.seq.unwrap_or_default());
            }
        }
        for (mark, outcome) in write_records.outcomes() {
            let at = places.remove(&mark).unwrap_or_default();
            match (outcome, at.as_slice()) {
                (WriteOutcome::Acknowledged(place), [at]) if place.is_none_or(|place| place == *at) => {
                    self.acknowledged += 1
                }
                (WriteOutcome::Unknown, [] | [_]) => self.without_answer += 1,
                (WriteOutcome::Refused, []) => {}
                (WriteOutcome::Refused, at) => {
                    self.rolled_back.push(format!("{mark} was rejected, but is in the log at {at:?}"))
                }
                (outcome, []) => self.lost.push(format!("{mark}, {outcome:?}, is not in the log")),
                (outcome, at) => self.doubled.push(format!("{mark}, {outcome:?}, is in the log at {at:?}")),
            }
        }
        let made_up = places.into_keys().filter(|mark| mark.starts_with('w') && mark.contains('-'));
        self.leaked.extend(made_up.map(|mark| format!("nobody wrote {mark}")));
    }

    fn check(&mut self, log: &Log, audience: &Audience, role: &Role, seen: &Seen, number: usize) {
        let who = format!("client {number} ({role:?})");
        self.leaked.extend(seen.unreadable.iter().map(|text| format!("{who} cannot read {text}")));
        let mut last = seen.start;
        let mut received = HashSet::new();
        for event in &seen.events {
            let seq = event.seq.unwrap_or_default();
            match () {
                () if !received.insert(seq) => self.doubled.push(format!("{who}: {seq}")),
                () if seq <= last => self.out_of_order.push(format!("{who}: {seq} after {last}")),
                () if log.events.get(seq as usize - 1) != Some(event) => {
                    self.leaked.push(format!("{who}: {seq} is not as the log has it: {event:?}"));
                }
                () if !audience.is_recipient(role, event) => {
                    self.leaked.push(format!("{who} received {seq}, which is not for it"))
                }
                () => {}
            }
            last = last.max(seq);
        }
        let missing = |seq: u64| seen.told_missing.iter().any(|(after, to)| (after + 1..=*to).contains(&seq));
        for event in log.events.iter().skip(seen.start as usize) {
            let seq = event.seq.unwrap_or_default();
            if received.contains(&seq) || !audience.is_recipient(role, event) {
                continue;
            }
            match missing(seq) {
                true => self.told_missing += 1,
                false => self.lost.push(format!("{who}: {seq} {:?}", event.event)),
            }
        }
    }
}

/// The recipients of each event, computed from the whole tree as an oracle.
struct Audience {
    /// For each `seq`, the workspaces that can communicate with that of the event.
    reached: Vec<HashSet<WorkspaceId>>,
}

impl Audience {
    fn of(log: &Log) -> Self {
        let mut canvas = Canvas::new();
        let reached = log.events.iter().map(|logged| {
            let Event::Workspace(event) = &logged.event else {
                canvas.apply(logged, &mut Changes::default());
                return HashSet::new();
            };
            let before = visible_to(&canvas, &event.workspace_id);
            canvas.apply(logged, &mut Changes::default());
            let after = visible_to(&canvas, &event.workspace_id);
            match &event.change {
                WorkspaceChange::Moved { .. } => before.union(&after).cloned().collect(),
                WorkspaceChange::Removed { .. } => before,
                _ => after,
            }
        });
        Self { reached: reached.collect() }
    }

    fn is_recipient(&self, role: &Role, event: &EventEnvelope) -> bool {
        match role {
            Role::Canvas => true,
            Role::Agent(id) => {
                let place = event.seq.unwrap_or_default() as usize - 1;
                self.reached[place].iter().any(|reached| reached.as_str() == id)
            }
        }
    }
}

fn visible_to(canvas: &Canvas, id: &WorkspaceId) -> HashSet<WorkspaceId> {
    let Some(slot) = canvas.find(id) else { return HashSet::new() };
    let all = canvas.iter().filter(|(other, _)| visibility::can_communicate(canvas, slot, *other));
    all.map(|(_, workspace)| workspace.id.clone()).collect()
}

/// Returns the unique text of the write that caused an event.
fn mark(event: &Event) -> Option<&str> {
    let Event::Workspace(event) = event else { return None };
    match &event.change {
        WorkspaceChange::ActivityLogged(it) => it.summary.as_deref(),
        WorkspaceChange::TaskUpdated { current_task, .. } => current_task.as_deref(),
        WorkspaceChange::Provisioning(it) => Some(it.name.as_str()),
        WorkspaceChange::Updated(it) => it.name.as_deref(),
        _ => None,
    }
}

/// Returns how many events a listener without cursors lost, and how many arrived out of order, from the first one it received.
pub fn losses_and_disorder(log: &Log, seen: &[u64]) -> (usize, usize) {
    let Some(first) = seen.first() else { return (log.events.len(), 0) };
    let received: HashSet<u64> = seen.iter().copied().collect();
    let plain = |event: &&EventEnvelope| match &event.event {
        Event::Workspace(event) => event.change.kind().is_sent_to_plain_sockets(),
        _ => false,
    };
    let meant = log.events.iter().filter(plain).filter_map(|event| event.seq).filter(|seq| seq >= first);
    (meant.filter(|seq| !received.contains(seq)).count(), seen.windows(2).filter(|pair| pair[1] <= pair[0]).count())
}

impl fmt::Display for Report {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            to,
            "{} events ({} marked writes acknowledged, {} without an answer) went to {} clients in {} deliveries over {} \
             cuts: {} lost, {} doubled, {} out of order, {} leaked, {} rolled back yet seen, {} wrong hashes; {} of {} \
             executions ended badly; {} events were \
             announced as missing to agents whose server had restarted",
            self.events,
            self.acknowledged,
            self.without_answer,
            self.clients,
            self.deliveries,
            self.cuts,
            self.lost.len(),
            self.doubled.len(),
            self.out_of_order.len(),
            self.leaked.len(),
            self.rolled_back.len(),
            self.hashes.len(),
            self.badly_ended.len(),
            self.executions,
            self.told_missing,
        )
    }
}
