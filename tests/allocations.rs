//! Counts the bytes that decoding and reducing an event allocates, which is the work that page and server share.
#![allow(clippy::unwrap_used)]

use allocation_counter::{AllocationInfo, measure};
use orrery_model::{Canvas, Changes};
use orrery_protocol::{EventEnvelope, Workspace, WorkspaceId};
use serde_json::json;

const EVENTS: u64 = 2_000;
/// About twice the current number; the frame has some 300 bytes.
const MOST_BYTES: u64 = 1_500;

fn fleet(of: u64) -> Canvas {
    let row = |number: u64| Workspace::new(WorkspaceId::parse(&format!("w-{number}")).unwrap());
    Canvas::from_rows((0..of).map(row), 0)
}

fn frames(fleet: u64) -> Vec<String> {
    let frame = |seq: u64| {
        let id = format!("w-{}", seq * 7919 % fleet);
        let payload = json!({"current_task": format!("task {seq}"), "active_tasks": 1});
        json!({"event": "TASK_UPDATED", "workspace_id": id, "timestamp": "2026-03-30T12:00:00Z", "payload": payload, "seq": seq})
            .to_string()
    };
    (1..=EVENTS).map(frame).collect()
}

/// Decodes and applies all frames.
fn fold(canvas: &mut Canvas, frames: &[String]) {
    for turn in frames.chunks(20) {
        let mut changes = Changes::default();
        for frame in turn {
            canvas.apply(&EventEnvelope::read(frame).unwrap(), &mut changes);
        }
    }
}

fn taken(of: u64) -> AllocationInfo {
    let (mut canvas, frames) = (fleet(of), frames(of));
    let info = measure(|| fold(&mut canvas, &frames));
    let folded = canvas.iter().filter(|(_, record)| record.current_task.is_some()).count() as u64;
    assert_eq!((canvas.seq(), folded), (EVENTS, EVENTS.min(of)), "every event was folded");
    info
}

#[test]
fn bytes_per_event_do_not_depend_on_the_size_of_the_fleet() {
    for of in [3_000, 30_000] {
        let info = taken(of);
        let (bytes, times) = (info.bytes_total / EVENTS, info.count_total / EVENTS);
        println!("{of} workspaces: {bytes} bytes in {times} allocations an event");
        assert!(bytes <= MOST_BYTES, "{of} workspaces: an event took {bytes} bytes in {times} allocations");
        assert!(info.bytes_current < 1_000 * EVENTS as i64, "{of} workspaces: {} bytes stay", info.bytes_current);
    }
}

/// Returns the bytes that reading and applying an expansion into so many children allocates.
fn expansion(children: u64) -> u64 {
    let child = |seq: u64| {
        let payload = json!({"name": "child", "parent_id": "team", "tier": 1});
        json!({"event": "WORKSPACE_PROVISIONING", "workspace_id": format!("c-{seq}"), "timestamp": "2026-03-30T12:00:00Z", "payload": payload, "seq": seq})
    };
    let ids: Vec<String> = (1..=children).map(|seq| format!("c-{seq}")).collect();
    let named: Vec<_> = ids.iter().map(|id| json!({"id": id, "name": "child", "role": null})).collect();
    let payload = json!({"sub_workspace_ids": ids, "children": named});
    let expanded = json!({"event": "WORKSPACE_EXPANDED", "workspace_id": "team", "timestamp": "2026-03-30T12:00:00Z", "payload": payload, "seq": children + 1});
    let frames: Vec<String> = (1..=children).map(child).chain([expanded]).map(|frame| frame.to_string()).collect();
    let mut canvas = Canvas::from_rows([Workspace::new(WorkspaceId::parse("team").unwrap())], 0);
    let info = measure(|| fold(&mut canvas, &frames));
    assert_eq!((canvas.len() as u64, canvas.seq()), (children + 1, children + 1));
    info.bytes_total
}

#[test]
fn bytes_per_expansion_are_proportional_to_the_children() {
    let (small, large) = (expansion(2_000), expansion(8_000));
    println!("{small} bytes for 2,000 children, {large} for 8,000");
    assert!(large <= 5 * small, "{small} bytes for 2,000 children, {large} for 8,000");
}
