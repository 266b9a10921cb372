//! The properties of section 6.1 of docs/protocol.md, checked with random, repeated, reordered and cut sequences of events.
#![allow(clippy::unwrap_used)]

use orrery_model::{Applied, Canvas, Changes, visibility};
use orrery_protocol::{EventEnvelope, Workspace, WorkspaceId};
use proptest::prelude::*;
use serde_json::{Value, json};

const IDS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

#[derive(Debug, Clone)]
struct EventSpec {
    subject: usize,
    kind: &'static str,
    payload: Value,
}

fn specs() -> impl Strategy<Value = Vec<EventSpec>> {
    prop::collection::vec(spec(), 0..60)
}

fn spec() -> impl Strategy<Value = EventSpec> {
    let kinds = prop_oneof![
        4 => Just("WORKSPACE_PROVISIONING"), 3 => Just("WORKSPACE_ONLINE"), 1 => Just("WORKSPACE_OFFLINE"),
        1 => Just("WORKSPACE_PROVISION_FAILED"), 1 => Just("WORKSPACE_DEGRADED"), 1 => Just("WORKSPACE_REMOVED"),
        2 => Just("AGENT_ASSIGNED"), 1 => Just("AGENT_REPLACED"), 1 => Just("AGENT_REMOVED"), 1 => Just("AGENT_MOVED"),
        1 => Just("AGENT_CARD_UPDATED"), 1 => Just("WORKSPACE_EXPANDED"), 1 => Just("WORKSPACE_COLLAPSED"),
        4 => Just("WORKSPACE_MOVED"), 1 => Just("TASK_UPDATED"), 1 => Just("ACTIVITY_LOGGED"), 2 => Just("WORKSPACE_UPDATED"),
    ];
    (0..IDS.len(), kinds, 0..IDS.len(), 0..4u8).prop_map(|(subject, kind, other, n)| {
        let (here, there) = (IDS[subject], IDS[other]);
        let parent = if n == 0 { Value::Null } else { there.into() };
        let payload = match kind {
            "WORKSPACE_PROVISIONING" => json!({"name": format!("n{n}"), "tier": n + 1, "parent_id": parent}),
            "WORKSPACE_ONLINE" if n > 1 => json!({"url": format!("http://{n}")}),
            "WORKSPACE_PROVISION_FAILED" => json!({"reason": format!("r{n}")}),
            "WORKSPACE_DEGRADED" => json!({"error_rate": 0.5 + f64::from(n) / 10.0}),
            "AGENT_ASSIGNED" => json!({"agent_id": format!("agent{n}"), "model": "m"}),
            "AGENT_REPLACED" => json!({"new_model": format!("m{n}")}),
            "AGENT_REMOVED" => json!({"agent_id": format!("agent{n}")}),
            "AGENT_MOVED" => {
                json!({"agent_id": format!("agent{n}"), "from_workspace_id": here, "to_workspace_id": there})
            }
            "AGENT_CARD_UPDATED" => json!({"agent_card": {"version": n}}),
            "WORKSPACE_EXPANDED" => json!({"sub_workspace_ids": [there]}),
            "WORKSPACE_COLLAPSED" => json!({"removed_sub_workspace_ids": [there]}),
            "WORKSPACE_MOVED" => json!({"old_parent_id": null, "new_parent_id": parent}),
            "TASK_UPDATED" => json!({"current_task": format!("t{n}"), "active_tasks": n}),
            "WORKSPACE_UPDATED" => json!({"x": f64::from(n) * 1.1, "y": 2, "collapsed": n == 1}),
            _ => json!({}),
        };
        EventSpec { subject, kind, payload }
    })
}

/// Returns the events of a log: numbered, one second apart.
fn log(specs: &[EventSpec]) -> Vec<EventEnvelope> {
    let start: orrery_protocol::Timestamp = "2026-03-30T12:00:00Z".parse().unwrap();
    let envelope = specs.iter().enumerate().map(|(index, EventSpec { subject, kind, payload })| {
        let frame = json!({
            "event": kind, "workspace_id": IDS[*subject], "payload": payload,
            "timestamp": start.plus_millis(index as i64 * 1000), "seq": index + 1,
        });
        EventEnvelope::read(&frame.to_string()).unwrap()
    });
    envelope.collect()
}

fn apply_all(canvas: &mut Canvas, log: &[EventEnvelope]) {
    log.iter().for_each(|envelope| assert_eq!(canvas.apply(envelope, &mut Changes::default()), Applied::Applied));
}

fn canvas_after(log: &[EventEnvelope]) -> Canvas {
    let mut canvas = Canvas::new();
    apply_all(&mut canvas, log);
    canvas
}

fn rows(canvas: &Canvas) -> Vec<Workspace> {
    let mut rows: Vec<Workspace> = canvas.iter().map(|(_, row)| row.clone()).collect();
    rows.sort_by(|one, other| one.id.cmp(&other.id));
    rows
}

/// Removes the events that a server does not append: about unknown workspaces, or forming cycles.
fn valid_log(specs: Vec<EventSpec>) -> Vec<EventSpec> {
    let id = |text: &str| WorkspaceId::parse(text).unwrap();
    let mut valid: Vec<EventSpec> = Vec::new();
    for spec in specs {
        let canvas = canvas_after(&log(&valid));
        let subject = canvas.find(&id(IDS[spec.subject]));
        let named = |key: &str| spec.payload[key].as_str().map(|text| canvas.find(&id(text)));
        let parent = named("new_parent_id").or(named("parent_id"));
        let is_valid = match (spec.kind, subject) {
            ("WORKSPACE_PROVISIONING", None) => {
                !canvas.is_removed(&id(IDS[spec.subject])) && parent.is_none_or(|it| it.is_some())
            }
            ("WORKSPACE_PROVISIONING" | "WORKSPACE_MOVED", Some(subject)) => {
                parent.is_none_or(|parent| parent.is_some_and(|parent| !canvas.would_cycle(subject, parent)))
            }
            ("AGENT_MOVED", Some(_)) => named("to_workspace_id").flatten().is_some(),
            ("WORKSPACE_EXPANDED", Some(subject)) => canvas
                .children(subject)
                .iter()
                .any(|child| canvas.get(*child).unwrap().id.as_str() == spec.payload["sub_workspace_ids"][0]),
            ("WORKSPACE_COLLAPSED", _) => false,
            (_, subject) => subject.is_some(),
        };
        if is_valid {
            valid.push(spec);
        }
    }
    valid
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn repeated_events_are_applied_once(specs in specs(), again in prop::collection::vec(any::<prop::sample::Index>(), 0..30)) {
        let log = log(&specs);
        let once = canvas_after(&log);
        let mut canvas = Canvas::new();
        for (index, envelope) in log.iter().enumerate() {
            canvas.apply(envelope, &mut Changes::default());
            for earlier in again.iter().map(|at| at.index(log.len())).filter(|at| *at <= index) {
                prop_assert_eq!(canvas.apply(&log[earlier], &mut Changes::default()), Applied::Duplicate);
            }
        }
        prop_assert_eq!(rows(&canvas), rows(&once));
        prop_assert_eq!(canvas.hash(), once.hash());
    }

    /// Foreign servers send events without `seq`.
    #[test]
    fn foreign_events_that_repeat_the_previous_one_are_applied_once(specs in specs()) {
        let (mut once, mut twice) = (Canvas::new(), Canvas::new());
        for EventEnvelope { event, .. } in log(&specs) {
            let envelope = EventEnvelope { seq: None, event };
            prop_assert_eq!(once.apply(&envelope, &mut Changes::default()), Applied::Applied);
            twice.apply(&envelope, &mut Changes::default());
            prop_assert_eq!(twice.apply(&envelope, &mut Changes::default()), Applied::Duplicate);
            prop_assert_eq!(rows(&once), rows(&twice));
        }
    }

    #[test]
    fn a_snapshot_and_the_events_after_it_equal_all_events(specs in specs(), cut in any::<prop::sample::Index>()) {
        let log = log(&valid_log(specs));
        let cut = cut.index(log.len() + 1);
        let part = canvas_after(&log[..cut]);
        let json = serde_json::to_string(&rows(&part)).unwrap();
        let mut resumed = Canvas::from_rows(serde_json::from_str::<Vec<Workspace>>(&json).unwrap(), part.seq());
        prop_assert_eq!(resumed.hash(), part.hash());
        apply_all(&mut resumed, &log[cut..]);
        let whole = canvas_after(&log);
        prop_assert_eq!(rows(&resumed), rows(&whole));
        prop_assert_eq!((resumed.hash(), resumed.counts(), resumed.seq()), (whole.hash(), whole.counts(), whole.seq()));
    }

    #[test]
    fn events_after_a_gap_change_nothing(specs in specs(), missing in any::<prop::sample::Index>()) {
        prop_assume!(specs.len() > 1);
        let log = log(&specs);
        let missing = missing.index(log.len() - 1);
        let mut canvas = canvas_after(&log[..missing]);
        let before = canvas.hash();
        for late in &log[missing + 1..] {
            prop_assert_eq!(canvas.apply(late, &mut Changes::default()), Applied::Gap);
        }
        prop_assert_eq!((canvas.hash(), canvas.seq()), (before, missing as u64));
        apply_all(&mut canvas, &log[missing..]);
        prop_assert_eq!(canvas.hash(), canvas_after(&log).hash());
    }

    /// Only the order of the events of each workspace matters.
    #[test]
    fn events_of_different_workspaces_can_be_interleaved(specs in specs(), order in prop::collection::vec(any::<u32>(), 60)) {
        let alone = |spec: &EventSpec| !matches!(spec.kind, "AGENT_MOVED" | "WORKSPACE_EXPANDED" | "WORKSPACE_COLLAPSED" | "WORKSPACE_REMOVED");
        let specs: Vec<EventSpec> = specs.into_iter().filter(alone).collect();
        let log = log(&specs);
        let mut queues: Vec<Vec<&EventEnvelope>> = vec![Vec::new(); IDS.len()];
        specs.iter().zip(&log).for_each(|(spec, envelope)| queues[spec.subject].push(envelope));
        queues.iter_mut().for_each(|queue| queue.reverse());
        let (mut in_order, mut interleaved) = (Canvas::new(), Canvas::new());
        log.iter().for_each(|envelope| in_order.fold(&envelope.event, &mut Changes::default()));
        let mut turns = order.iter().cycle();
        while queues.iter().any(|queue| !queue.is_empty()) {
            let left: Vec<usize> = (0..IDS.len()).filter(|subject| !queues[*subject].is_empty()).collect();
            let subject = left[*turns.next().unwrap() as usize % left.len()];
            let envelope = queues[subject].pop().unwrap();
            interleaved.fold(&envelope.event, &mut Changes::default());
        }
        prop_assert_eq!(rows(&interleaved), rows(&in_order));
    }

    /// There is no cycle, the tree agrees with the records, removed workspaces do not come back, and the counts are right.
    #[test]
    fn any_sequence_leaves_a_consistent_state(specs in specs()) {
        let mut canvas = Canvas::new();
        let mut gone: Vec<WorkspaceId> = Vec::new();
        for envelope in log(&specs) {
            let mut changes = Changes::default();
            canvas.fold(&envelope.event, &mut changes);
            gone.extend(changes.removed.into_iter().map(|(_, id)| id));
            prop_assert!(gone.iter().all(|id| canvas.find(id).is_none()), "a removed workspace came back");
            let mut seen = 0;
            let mut open = canvas.roots().to_vec();
            while let Some(slot) = open.pop() {
                seen += 1;
                prop_assert!(seen <= canvas.len(), "the tree has a cycle or contains a node twice");
                for child in canvas.children(slot) {
                    prop_assert_eq!(canvas.parent(*child), Some(slot));
                    open.push(*child);
                }
            }
            prop_assert_eq!(seen, canvas.len());
            for (slot, row) in canvas.iter() {
                prop_assert_eq!(canvas.find(&row.id), Some(slot));
                let named = row.parent_id.as_ref().and_then(|id| canvas.find(id));
                match canvas.parent(slot) {
                    Some(parent) => prop_assert_eq!(named, Some(parent)),
                    None => prop_assert!(named.is_none_or(|named| canvas.would_cycle(slot, named)), "a root whose parent could be set"),
                }
            }
            let counts = canvas.counts();
            let counted = counts.provisioning + counts.online + counts.degraded + counts.offline + counts.failed + counts.other;
            prop_assert_eq!(counted, canvas.len());
        }
    }

    /// Compares with the definition of section 8.5 of docs/protocol.md.
    #[test]
    fn peers_are_those_that_the_contract_defines(specs in specs()) {
        let canvas = canvas_after(&log(&specs));
        let all: Vec<_> = canvas.iter().map(|(slot, _)| slot).collect();
        for one in &all {
            let mut expected: Vec<_> = all.iter().copied().filter(|other| {
                let (mine, theirs) = (canvas.parent(*one), canvas.parent(*other));
                other != one && (mine == theirs || mine == Some(*other) || theirs == Some(*one))
            }).collect();
            let mut peers = visibility::peers(&canvas, *one);
            expected.sort();
            peers.sort();
            prop_assert_eq!(&peers, &expected);
            for other in &all {
                let allowed = visibility::can_communicate(&canvas, *one, *other);
                prop_assert_eq!(allowed, one == other || expected.contains(other));
                prop_assert_eq!(allowed, visibility::can_communicate(&canvas, *other, *one));
            }
        }
    }
}
