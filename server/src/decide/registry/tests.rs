//! Silence is judged by what is known at the moment of the decision. Never real time.

use std::time::Duration;

use orrery_model::Canvas;
use orrery_protocol::{Epoch, Event, Status, Workspace, WorkspaceEventKind, WorkspaceId};

use super::{Patience, died, silent};
use crate::publish::State;

fn id(text: &str) -> WorkspaceId {
    text.parse().unwrap()
}

fn state(rows: &[(&str, Status)]) -> State {
    let rows = rows.iter().map(|(name, status)| {
        let mut row = Workspace::new(id(name));
        row.status = status.clone();
        row
    });
    State {
        epoch: Epoch::new("e"),
        canvas: Canvas::from_rows(rows, 1),
        positions: Default::default(),
        removed: Default::default(),
        configs: Default::default(),
        now: Default::default(),
        owner: None,
        taken_in: Default::default(),
        claims: Default::default(),
        with_token: Default::default(),
    }
}

fn told(events: &[Event]) -> Vec<(&str, WorkspaceEventKind)> {
    events.iter().map(about).collect()
}

fn about(event: &Event) -> (&str, WorkspaceEventKind) {
    match event {
        Event::Workspace(event) => (event.workspace_id.as_str(), event.change.kind()),
        other => panic!("not a workspace's event: {other:?}"),
    }
}

#[test]
fn only_who_is_still_silent_is_judged() {
    let rows = [
        ("starting", Status::Provisioning),
        ("online", Status::Online),
        ("degraded", Status::Degraded),
        ("heard", Status::Online),
        ("patient", Status::Provisioning),
        ("offline", Status::Offline),
        ("failed", Status::Failed),
    ];
    let state = state(&rows);
    let mut suspects: Vec<WorkspaceId> = rows.iter().map(|(name, _)| id(name)).collect();
    // It was removed between the first look and the decision.
    suspects.push(id("gone"));
    let patience = Patience { heartbeat_ttl: Duration::from_secs(60), provision_timeout: Duration::from_secs(180) };
    let silence = |id: &WorkspaceId| match id.as_str() {
        // A heartbeat came between the first look and the decision.
        "heard" => Duration::from_secs(59),
        "patient" => Duration::from_secs(179),
        "online" | "degraded" => Duration::from_secs(60),
        _ => Duration::from_secs(180),
    };
    let events = silent(&state, &suspects, patience, silence);
    let want = [
        ("starting", WorkspaceEventKind::ProvisionFailed),
        ("online", WorkspaceEventKind::Offline),
        ("degraded", WorkspaceEventKind::Offline),
    ];
    assert_eq!(told(&events), want);
}

#[test]
fn a_process_that_dies_fails_only_what_is_starting() {
    let state = state(&[("starting", Status::Provisioning), ("online", Status::Online)]);
    let told_of = |name| died(&state, &id(name), "it ended".into());
    assert_eq!(told(&told_of("starting")), [("starting", WorkspaceEventKind::ProvisionFailed)]);
    assert!(told_of("online").is_empty() && told_of("gone").is_empty());
}
