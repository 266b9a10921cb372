//! Effects of each workspace event, one table row for each. `properties.rs` covers random sequences.
#![allow(clippy::unwrap_used)]

use orrery_model::{Canvas, Changes};
use orrery_protocol::{EventEnvelope, Status, Workspace, WorkspaceId};
use serde_json::{Value, json};

fn id(text: &str) -> WorkspaceId {
    WorkspaceId::parse(text).unwrap()
}

/// Applies events given as kind, workspace and payload, one second apart.
fn canvas_after(lines: &[(&str, &str, Value)]) -> Canvas {
    let mut canvas = Canvas::new();
    for (second, (kind, workspace, payload)) in lines.iter().enumerate() {
        let time = format!("2026-03-30T12:00:{second:02}Z");
        let frame = json!({"event": kind, "workspace_id": workspace, "timestamp": time, "payload": payload});
        canvas.apply(&EventEnvelope::read(&frame.to_string()).unwrap(), &mut Changes::default());
    }
    canvas
}

/// Returns the record of `w` after it was provisioned and the events were applied to it.
fn row(events: &[(&str, Value)]) -> Workspace {
    let mut lines = vec![("WORKSPACE_PROVISIONING", "w", json!({"name": "W", "tier": 2, "role": "writer"}))];
    lines.extend(events.iter().map(|(kind, payload)| (*kind, "w", payload.clone())));
    canvas_after(&lines).workspace(&id("w")).unwrap().clone()
}

fn time(second: u32) -> orrery_protocol::Timestamp {
    format!("2026-03-30T12:00:{second:02}Z").parse().unwrap()
}

const ONLINE: &str = "WORKSPACE_ONLINE";

#[test]
fn status_events_change_status_and_its_fields() {
    let new = row(&[]);
    assert_eq!((new.name.as_str(), new.tier, new.role.as_deref()), ("W", 2, Some("writer")));
    assert_eq!((new.status, new.status_since), (Status::Provisioning, time(0)));

    let online = row(&[(ONLINE, json!({"url": "http://w", "agent_card": {"name": "A", "skills": ["s"]}}))]);
    assert_eq!((online.status, online.url.as_deref()), (Status::Online, Some("http://w")));
    assert_eq!(online.agent_card.unwrap().skills(), ["s"]);

    let online_again =
        row(&[(ONLINE, json!({"url": "http://w"})), ("WORKSPACE_OFFLINE", json!({})), (ONLINE, json!({}))]);
    assert_eq!((online_again.url.as_deref(), online_again.status_since), (Some("http://w"), time(3)));

    let failed = row(&[("WORKSPACE_PROVISION_FAILED", json!({"error": "no heartbeat"}))]);
    assert_eq!((failed.status, failed.failure.as_deref()), (Status::Failed, Some("no heartbeat")));

    let again = row(&[
        ("TASK_UPDATED", json!({"current_task": "t", "active_tasks": 2})),
        ("WORKSPACE_PROVISION_FAILED", json!({"reason": "r"})),
        ("WORKSPACE_PROVISIONING", json!({"name": "W", "tier": 2})),
    ]);
    assert_eq!(
        (again.status, again.failure, again.current_task, again.active_tasks),
        (Status::Provisioning, None, None, 0)
    );
    assert_eq!(again.role.as_deref(), Some("writer"), "a restart leaves the role as it is");

    let degraded = [("WORKSPACE_DEGRADED", json!({"error_rate": 0.87, "sample_error": "rate limit"}))];
    let degraded_row = row(&degraded);
    assert_eq!(
        (degraded_row.status, degraded_row.last_error_rate, degraded_row.last_sample_error.as_deref()),
        (Status::Degraded, 0.87, Some("rate limit"))
    );
    let recovered = row(&[degraded[0].clone(), (ONLINE, json!({}))]);
    assert_eq!((recovered.status, recovered.last_error_rate, recovered.last_sample_error), (Status::Online, 0.0, None));
}

#[test]
fn agent_events_change_the_agent() {
    let assigned = ("AGENT_ASSIGNED", json!({"agent_id": "a", "model": "m1"}));
    let agent = |events: &[(&str, Value)]| row(events).agent.map(|it| (it.id.unwrap().to_string(), it.model));
    let is = |id: &str, model: &str| Some((id.to_owned(), model.to_owned()));
    assert_eq!(agent(std::slice::from_ref(&assigned)), is("a", "m1"));
    let replaced = ("AGENT_REPLACED", json!({"old_model": "m1", "new_model": "m2"}));
    assert_eq!(agent(&[assigned.clone(), replaced]), is("a", "m2"));
    assert_eq!(agent(&[assigned.clone(), ("AGENT_REMOVED", json!({"agent_id": "a"}))]), None);
    assert_eq!(agent(&[assigned, ("AGENT_REMOVED", json!({"agent_id": "other"}))]), is("a", "m1"));
}

#[test]
fn an_agent_moves_with_its_model_even_before_its_new_workspace_is_known() {
    let start =
        [("WORKSPACE_PROVISIONING", "w", json!({})), ("AGENT_ASSIGNED", "w", json!({"agent_id": "a", "model": "m"}))];
    let moved = ("AGENT_MOVED", "w", json!({"agent_id": "a", "from_workspace_id": "w", "to_workspace_id": "v"}));
    let second = ("AGENT_MOVED", "v", json!({"agent_id": "a", "source_workspace_id": "w"}));
    let arrives = ("WORKSPACE_PROVISIONING", "v", json!({}));
    let [one, two] = start;
    for order in [
        vec![one.clone(), two.clone(), arrives.clone(), moved.clone()],
        vec![one.clone(), two.clone(), moved.clone(), arrives.clone()],
        vec![one, two, arrives, moved, second],
    ] {
        let canvas = canvas_after(&order);
        assert_eq!(canvas.workspace(&id("w")).unwrap().agent, None);
        let there = canvas.workspace(&id("v")).unwrap().agent.clone().unwrap();
        assert_eq!((there.id.unwrap().as_str(), there.model.as_str()), ("a", "m"));
    }
}

#[test]
fn teams_form_in_any_order_of_events() {
    let team = ("WORKSPACE_PROVISIONING", "team", json!({"name": "Team"}));
    let child = ("WORKSPACE_PROVISIONING", "c", json!({"name": "QA", "parent_id": "team"}));
    let bare = ("WORKSPACE_PROVISIONING", "c", json!({"name": "QA"}));
    let expanded = ("WORKSPACE_EXPANDED", "team", json!({"sub_workspace_ids": ["c"]}));
    for order in [
        vec![team.clone(), child.clone()],
        vec![child.clone(), team.clone()],
        vec![team.clone(), expanded.clone(), bare.clone()],
        vec![bare.clone(), team.clone(), expanded.clone()],
        vec![expanded, bare, team.clone()],
    ] {
        let canvas = canvas_after(&order);
        let (team, child) = (canvas.find(&id("team")).unwrap(), canvas.find(&id("c")).unwrap());
        assert_eq!((canvas.parent(child), canvas.children(team)), (Some(team), &[child][..]), "{order:?}");
    }
    for collapsed in [json!({"removed_sub_workspace_ids": ["c"]}), json!({"removed_children": ["QA"]})] {
        let canvas = canvas_after(&[team.clone(), child.clone(), ("WORKSPACE_COLLAPSED", "team", collapsed)]);
        assert!(canvas.find(&id("c")).is_none() && canvas.is_removed(&id("c")));
    }
}

#[test]
fn a_cycle_is_not_formed_and_resolves_when_a_parent_moves() {
    let new = |id: &'static str, parent: Value| ("WORKSPACE_PROVISIONING", id, json!({"parent_id": parent}));
    let moved = |id: &'static str, parent: Value| ("WORKSPACE_MOVED", id, json!({"new_parent_id": parent}));
    let mut lines = vec![new("a", Value::Null), new("b", "a".into()), moved("a", "b".into())];
    let canvas = canvas_after(&lines);
    let (a, b) = (canvas.find(&id("a")).unwrap(), canvas.find(&id("b")).unwrap());
    assert_eq!((canvas.parent(a), canvas.parent(b)), (None, Some(a)));
    assert!(canvas.would_cycle(a, b) && canvas.would_cycle(a, a) && !canvas.would_cycle(b, a));
    lines.push(moved("b", Value::Null));
    let canvas = canvas_after(&lines);
    assert_eq!((canvas.parent(a), canvas.parent(b)), (Some(b), None));
}

#[test]
fn removed_workspaces_do_not_come_back_and_their_children_become_roots() {
    let canvas = canvas_after(&[
        ("WORKSPACE_PROVISIONING", "p", json!({})),
        ("WORKSPACE_PROVISIONING", "c", json!({"parent_id": "p"})),
        ("WORKSPACE_REMOVED", "p", json!({})),
        (ONLINE, "p", json!({})),
        ("WORKSPACE_PROVISIONING", "p", json!({})),
        ("WORKSPACE_PROVISIONING", "late", json!({"parent_id": "p"})),
    ]);
    assert!(canvas.find(&id("p")).is_none());
    assert_eq!(canvas.workspace(&id("c")).unwrap().parent_id, None);
    assert_eq!(canvas.workspace(&id("late")).unwrap().parent_id, None);
    assert_eq!(canvas.orphaned_event_count(), 0);
}

#[test]
fn events_of_unknown_workspaces_are_applied_when_they_are_provisioned() {
    let mut lines = vec![
        (ONLINE, "w", json!({"url": "http://w"})),
        ("WORKSPACE_UPDATED", "w", json!({"x": 1.0})),
        ("WORKSPACE_UPDATED", "w", json!({"y": 2.0, "role": ""})),
        ("WORKSPACE_DEGRADED", "w", json!({"error_rate": 0.6})),
    ];
    assert_eq!((canvas_after(&lines).len(), canvas_after(&lines).orphaned_event_count()), (0, 3));
    lines.push(("WORKSPACE_PROVISIONING", "w", json!({"name": "W", "role": "writer"})));
    let canvas = canvas_after(&lines);
    let row = canvas.workspace(&id("w")).unwrap();
    assert_eq!(
        (&row.status, row.url.as_deref(), row.x, row.y),
        (&Status::Degraded, Some("http://w"), Some(1.0), Some(2.0))
    );
    assert_eq!((row.role.as_deref(), canvas.orphaned_event_count()), (None, 0));
}

#[test]
fn changes_list_the_records_that_an_event_changed() {
    let mut canvas = canvas_after(&[
        ("WORKSPACE_PROVISIONING", "p", json!({})),
        ("WORKSPACE_PROVISIONING", "c", json!({"parent_id": "p"})),
    ]);
    let (p, c) = (canvas.find(&id("p")).unwrap(), canvas.find(&id("c")).unwrap());
    let mut after = |kind: &str, workspace: &str, payload: Value| {
        let mut changes = Changes::default();
        let frame =
            json!({"event": kind, "workspace_id": workspace, "timestamp": "2026-03-30T12:01:00Z", "payload": payload});
        canvas.apply(&EventEnvelope::read(&frame.to_string()).unwrap(), &mut changes);
        changes
    };
    assert_eq!(after(ONLINE, "c", json!({})), Changes { updated: vec![c], ..Changes::default() });
    assert!(after("WORKSPACE_UPDATED", "c", json!({"x": 1, "y": 1})).arrangement);
    assert!(after("ACTIVITY_LOGGED", "c", json!({})).is_empty() && after("NEW_KIND", "c", json!({})).is_empty());
    let removed = after("WORKSPACE_REMOVED", "p", json!({}));
    assert_eq!((removed.removed, removed.updated, removed.arrangement), (vec![(p, id("p"))], vec![c], true));
}

#[test]
fn counts_follow_status_changes() {
    let canvas = canvas_after(&[
        ("WORKSPACE_PROVISIONING", "a", json!({})),
        ("WORKSPACE_PROVISIONING", "b", json!({})),
        ("WORKSPACE_PROVISIONING", "c", json!({})),
        (ONLINE, "a", json!({})),
        ("WORKSPACE_PROVISION_FAILED", "b", json!({})),
        ("WORKSPACE_REMOVED", "c", json!({})),
    ]);
    let counts = canvas.counts();
    assert_eq!((counts.provisioning, counts.online, counts.failed, canvas.len()), (0, 1, 1, 2));
}
