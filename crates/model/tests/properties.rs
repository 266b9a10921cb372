//! The laws of section 6.1 of docs/protocol.md over random, doubled, reordered and cut sequences. Never a single example (`events`).
#![allow(clippy::unwrap_used)]

use orrery_model::{Applied, Canvas, Changes, visibility};
use orrery_protocol::{EventEnvelope, Workspace, WorkspaceId};
use proptest::prelude::*;
use serde_json::{Value, json};

const IDS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

#[derive(Debug, Clone)]
struct Fact {
    subject: usize,
    kind: &'static str,
    payload: Value,
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    prop::collection::vec(fact(), 0..60)
}

fn fact() -> impl Strategy<Value = Fact> {
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
        Fact { subject, kind, payload }
    })
}

/// The facts as a log holds them: numbered, a second apart.
fn log(facts: &[Fact]) -> Vec<EventEnvelope> {
    let start: orrery_protocol::Timestamp = "2026-03-30T12:00:00Z".parse().unwrap();
    let logged = facts.iter().enumerate().map(|(index, Fact { subject, kind, payload })| {
        let frame = json!({
            "event": kind, "workspace_id": IDS[*subject], "payload": payload,
            "timestamp": start.plus_millis(index as i64 * 1000), "seq": index + 1,
        });
        EventEnvelope::read(&frame.to_string()).unwrap()
    });
    logged.collect()
}

fn fold(canvas: &mut Canvas, log: &[EventEnvelope]) {
    log.iter().for_each(|logged| assert_eq!(canvas.apply(logged, &mut Changes::default()), Applied::Applied));
}

fn folded(log: &[EventEnvelope]) -> Canvas {
    let mut canvas = Canvas::new();
    fold(&mut canvas, log);
    canvas
}

fn rows(canvas: &Canvas) -> Vec<Workspace> {
    let mut rows: Vec<Workspace> = canvas.iter().map(|(_, row)| row.clone()).collect();
    rows.sort_by(|one, other| one.id.cmp(&other.id));
    rows
}

/// Only what a server's own log can hold: each event about a workspace that is there, no cycles.
fn lawful(facts: Vec<Fact>) -> Vec<Fact> {
    let id = |text: &str| WorkspaceId::parse(text).unwrap();
    let mut kept: Vec<Fact> = Vec::new();
    for fact in facts {
        let canvas = folded(&log(&kept));
        let subject = canvas.find(&id(IDS[fact.subject]));
        let named = |key: &str| fact.payload[key].as_str().map(|text| canvas.find(&id(text)));
        let parent = named("new_parent_id").or(named("parent_id"));
        let sound = match (fact.kind, subject) {
            ("WORKSPACE_PROVISIONING", None) => {
                !canvas.is_removed(&id(IDS[fact.subject])) && parent.is_none_or(|it| it.is_some())
            }
            ("WORKSPACE_PROVISIONING" | "WORKSPACE_MOVED", Some(subject)) => {
                parent.is_none_or(|parent| parent.is_some_and(|parent| !canvas.would_cycle(subject, parent)))
            }
            ("AGENT_MOVED", Some(_)) => named("to_workspace_id").flatten().is_some(),
            ("WORKSPACE_EXPANDED", Some(subject)) => canvas
                .children(subject)
                .iter()
                .any(|child| canvas.get(*child).unwrap().id.as_str() == fact.payload["sub_workspace_ids"][0]),
            ("WORKSPACE_COLLAPSED", _) => false,
            (_, subject) => subject.is_some(),
        };
        if sound {
            kept.push(fact);
        }
    }
    kept
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Law: an event twice is an event once.
    #[test]
    fn an_event_twice_is_an_event_once(facts in facts(), again in prop::collection::vec(any::<prop::sample::Index>(), 0..30)) {
        let log = log(&facts);
        let once = folded(&log);
        let mut canvas = Canvas::new();
        for (index, logged) in log.iter().enumerate() {
            canvas.apply(logged, &mut Changes::default());
            for earlier in again.iter().map(|at| at.index(log.len())).filter(|at| *at <= index) {
                prop_assert_eq!(canvas.apply(&log[earlier], &mut Changes::default()), Applied::Duplicate);
            }
        }
        prop_assert_eq!(rows(&canvas), rows(&once));
        prop_assert_eq!(canvas.hash(), once.hash());
    }

    /// The same without the log's numbers: a foreign server's event, told twice in a row.
    #[test]
    fn a_foreign_event_twice_in_a_row_is_once(facts in facts()) {
        let (mut once, mut twice) = (Canvas::new(), Canvas::new());
        for EventEnvelope { event, .. } in log(&facts) {
            let logged = EventEnvelope { seq: None, event };
            prop_assert_eq!(once.apply(&logged, &mut Changes::default()), Applied::Applied);
            twice.apply(&logged, &mut Changes::default());
            prop_assert_eq!(twice.apply(&logged, &mut Changes::default()), Applied::Duplicate);
            prop_assert_eq!(rows(&once), rows(&twice));
        }
    }

    /// Law: `snapshot(n)` and the events after `n` are all the events from the start.
    #[test]
    fn a_snapshot_and_the_rest_is_everything(facts in facts(), cut in any::<prop::sample::Index>()) {
        let log = log(&lawful(facts));
        let cut = cut.index(log.len() + 1);
        let part = folded(&log[..cut]);
        let json = serde_json::to_string(&rows(&part)).unwrap();
        let mut resumed = Canvas::from_rows(serde_json::from_str::<Vec<Workspace>>(&json).unwrap(), part.seq());
        prop_assert_eq!(resumed.hash(), part.hash());
        fold(&mut resumed, &log[cut..]);
        let whole = folded(&log);
        prop_assert_eq!(rows(&resumed), rows(&whole));
        prop_assert_eq!((resumed.hash(), resumed.counts(), resumed.seq()), (whole.hash(), whole.counts(), whole.seq()));
    }

    /// Law: anything but the next event changes nothing until what is missing came.
    #[test]
    fn a_gap_is_seen_and_changes_nothing(facts in facts(), missing in any::<prop::sample::Index>()) {
        prop_assume!(facts.len() > 1);
        let log = log(&facts);
        let missing = missing.index(log.len() - 1);
        let mut canvas = folded(&log[..missing]);
        let before = canvas.hash();
        for late in &log[missing + 1..] {
            prop_assert_eq!(canvas.apply(late, &mut Changes::default()), Applied::Gap);
        }
        prop_assert_eq!((canvas.hash(), canvas.seq()), (before, missing as u64));
        fold(&mut canvas, &log[missing..]);
        prop_assert_eq!(canvas.hash(), folded(&log).hash());
    }

    /// Law: a workspace's own events in their order are enough, however they are mixed with the others'.
    #[test]
    fn who_arrives_first_does_not_matter(facts in facts(), order in prop::collection::vec(any::<u32>(), 60)) {
        let alone = |fact: &Fact| !matches!(fact.kind, "AGENT_MOVED" | "WORKSPACE_EXPANDED" | "WORKSPACE_COLLAPSED" | "WORKSPACE_REMOVED");
        let facts: Vec<Fact> = facts.into_iter().filter(alone).collect();
        let log = log(&facts);
        let mut queues: Vec<Vec<&EventEnvelope>> = vec![Vec::new(); IDS.len()];
        facts.iter().zip(&log).for_each(|(fact, logged)| queues[fact.subject].push(logged));
        queues.iter_mut().for_each(|queue| queue.reverse());
        let (mut straight, mut mixed) = (Canvas::new(), Canvas::new());
        log.iter().for_each(|logged| straight.fold(&logged.event, &mut Changes::default()));
        let mut turns = order.iter().cycle();
        while queues.iter().any(|queue| !queue.is_empty()) {
            let left: Vec<usize> = (0..IDS.len()).filter(|who| !queues[*who].is_empty()).collect();
            let who = left[*turns.next().unwrap() as usize % left.len()];
            let logged = queues[who].pop().unwrap();
            mixed.fold(&logged.event, &mut Changes::default());
        }
        prop_assert_eq!(rows(&mixed), rows(&straight));
    }

    /// Laws: a cycle never forms, the tree and the records agree, the removed do not come back, counts add up.
    #[test]
    fn whatever_comes_the_state_is_sound(facts in facts()) {
        let mut canvas = Canvas::new();
        let mut gone: Vec<WorkspaceId> = Vec::new();
        for logged in log(&facts) {
            let mut changes = Changes::default();
            canvas.fold(&logged.event, &mut changes);
            gone.extend(changes.removed.into_iter().map(|(_, id)| id));
            prop_assert!(gone.iter().all(|id| canvas.find(id).is_none()), "a removed workspace came back");
            let mut seen = 0;
            let mut open = canvas.roots().to_vec();
            while let Some(slot) = open.pop() {
                seen += 1;
                prop_assert!(seen <= canvas.len(), "the tree has a circle or a node twice");
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
                    None => prop_assert!(named.is_none_or(|named| canvas.would_cycle(slot, named)), "left at the root without need"),
                }
            }
            let counts = canvas.counts();
            let counted = counts.provisioning + counts.online + counts.degraded + counts.offline + counts.failed + counts.other;
            prop_assert_eq!(counted, canvas.len());
        }
    }

    /// Section 8.5 of docs/protocol.md: itself, siblings (roots among themselves), children, parent; against the definition spelled out.
    #[test]
    fn reach_is_what_the_contract_says(facts in facts()) {
        let canvas = folded(&log(&facts));
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
