//! Which signals a change notifies, and when.

use orrery_client::{Arrival, InitialState, LoadedState};
use orrery_layout::Point;
use orrery_model::Canvas;
use orrery_protocol::{Cursor, EventEnvelope};
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::store::StoreSignals;
use crate::store::activity_feed::ActivityFeed;

/// A store with one rendered workspace, `w`, at seq 0.
struct Fixture {
    signals: StoreSignals,
    store: CanvasStore,
    feed: ActivityFeed,
    seq: u64,
    _owner: Owner,
}

impl Fixture {
    fn new() -> Self {
        let owner = Owner::new();
        owner.set();
        let now = Timestamp::from_millis(0);
        let signals = StoreSignals::new(now);
        let mut fixture =
            Self { signals, store: CanvasStore::default(), feed: ActivityFeed::default(), seq: 0, _owner: owner };
        let rows = Canvas::from_rows([Workspace::new(WorkspaceId::parse("w").unwrap())], 0);
        let cursor: Option<Cursor> = "e:0".parse().ok();
        let state = LoadedState::Complete(Box::new(InitialState { cursor, rows, ..InitialState::default() }));
        let diff = fixture.store.apply_frame(Some(state), Vec::new(), &mut fixture.feed, now);
        signals.publish(&fixture.store, &diff, None, now);
        signals.set_rendered(&fixture.store, &[fixture.slot()]);
        fixture
    }

    fn slot(&self) -> Slot {
        self.store.canvas().find(&WorkspaceId::parse("w").unwrap()).unwrap()
    }

    fn handle(&self) -> NodeHandle {
        self.signals.rendered.with_untracked(|handles| handles[0].clone())
    }

    /// Applies an event of the workspace and publishes it. Returns whether something is left to publish.
    fn apply(&mut self, event: &str, payload: &str, now: i64) -> bool {
        self.seq += 1;
        let text = format!(
            r#"{{"seq":{},"event":"{event}","workspace_id":"w","timestamp":"2026-03-30T12:00:00Z","payload":{payload}}}"#,
            self.seq
        );
        let now = Timestamp::from_millis(now);
        let arrivals = vec![Arrival::Event(EventEnvelope::read(&text).unwrap())];
        let diff = self.store.apply_frame(None, arrivals, &mut self.feed, now);
        self.signals.publish(&self.store, &diff, None, now)
    }

    fn apply_task(&mut self, task: &str, now: i64) -> bool {
        self.apply("TASK_UPDATED", &format!(r#"{{"current_task":"{task}","active_tasks":1}}"#), now)
    }
}

/// Counts the notifications of each group of a handle.
struct Notifications {
    counts: Vec<(&'static str, StoredValue<u32>)>,
}

impl Notifications {
    fn of(handle: &NodeHandle) -> Self {
        let NodeHandle { position, task, active_tasks, health, details, team, activity, .. } = handle.clone();
        let count = |name: &'static str, track: Box<dyn Fn() + Send + Sync>| {
            let count = StoredValue::new(0);
            ImmediateEffect::new_scoped(move || {
                track();
                count.update_value(|count| *count += 1);
            });
            (name, count)
        };
        let counts = vec![
            count("position", Box::new(move || position.track())),
            count("task", Box::new(move || task.track())),
            count("active_tasks", Box::new(move || active_tasks.track())),
            count("health", Box::new(move || health.track())),
            count("details", Box::new(move || details.track())),
            count("team", Box::new(move || team.track())),
            count("activity", Box::new(move || activity.track())),
        ];
        Self { counts }
    }

    /// Returns the groups that have notified since the last call.
    fn drain(&self) -> Vec<&'static str> {
        let changed = self.counts.iter().filter(|(_, count)| count.get_value() > 0).map(|(name, _)| *name).collect();
        self.counts.iter().for_each(|(_, count)| count.set_value(0));
        changed
    }
}

#[wasm_bindgen_test]
fn publishes_a_node_at_most_once_in_an_interval() {
    let mut fixture = Fixture::new();
    for (task, now, published, is_left) in
        [("1", 1000, "1", false), ("2", 1010, "1", true), ("3", 1199, "1", true), ("4", 1200, "4", false)]
    {
        assert_eq!(fixture.apply_task(task, now), is_left, "at {now}");
        let task = fixture.handle().task.get_untracked();
        assert_eq!(task.as_deref(), Some(published), "at {now}");
    }
}

#[wasm_bindgen_test]
fn a_change_notifies_only_its_group() {
    let mut fixture = Fixture::new();
    let notifications = Notifications::of(&fixture.handle());
    assert_eq!(notifications.drain().len(), 7, "each effect runs once at first");

    fixture.apply_task("Read", 1000);
    assert_eq!(notifications.drain(), ["task", "active_tasks"]);

    fixture.apply_task("Write", 1500);
    assert_eq!(notifications.drain(), ["task"]);

    fixture.apply_task("Write", 2000);
    assert!(notifications.drain().is_empty(), "an event without a change notifies nobody");

    fixture.apply("WORKSPACE_DEGRADED", r#"{"error_rate":0.5}"#, 2500);
    assert_eq!(notifications.drain(), ["health"]);

    let slot = fixture.slot();
    fixture.store.set_drag_offset(&[slot], Point::new(10.0, 0.0));
    fixture.signals.publish_positions(&fixture.store, &[slot]);
    assert_eq!(notifications.drain(), ["position"]);

    fixture.apply("AGENT_CARD_UPDATED", r#"{"agent_card":{"skills":["search"]}}"#, 3000);
    assert_eq!(notifications.drain(), ["details"]);
    assert_eq!(fixture.handle().details.with_untracked(|details| details.skills.clone()), ["search"]);
}
