//! A fleet whose positions are assigned as a server does it.

use std::collections::HashMap;

use orrery_model::{Canvas, Changes, Slot};
use orrery_protocol::{EventEnvelope, WorkspaceId};
use serde_json::{Value, json};

use crate::positions::{Plan, PositionIndex, position, tidy};
use crate::{Arrangement, Point};

/// A canvas whose positions are assigned as a server does it, and the layout of a page that follows its events.
#[derive(Default)]
pub struct Fleet {
    pub canvas: Canvas,
    pub index: PositionIndex,
    pub page: Arrangement,
    last_id: usize,
    random: u64,
}

impl Fleet {
    pub fn with_seed(seed: u64) -> Self {
        Self { random: seed, ..Self::default() }
    }

    /// Returns a number below `end` (SplitMix64).
    pub fn below(&mut self, end: usize) -> usize {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    pub fn apply(&mut self, event: &str, id: &str, payload: Value) {
        let envelope =
            json!({ "event": event, "workspace_id": id, "timestamp": "2026-03-30T12:00:00Z", "payload": payload });
        let mut changes = Changes::default();
        self.canvas.fold(&EventEnvelope::read(&envelope.to_string()).unwrap().event, &mut changes);
        let touched: Vec<Slot> = changes.added.iter().chain(&changes.updated).copied().collect();
        let removed: Vec<Slot> = changes.removed.iter().map(|(slot, _)| *slot).collect();
        self.index.update(&self.canvas, &touched, &removed);
        self.page.update(&self.canvas, &touched, &removed);
    }

    pub fn set_position(&mut self, slot: Slot, to: Point, pinned: Option<bool>) {
        let id = self.id(slot);
        let mut payload = json!({ "x": to.x, "y": to.y, "with_descendants": true });
        if let Some(pinned) = pinned {
            payload["pinned"] = pinned.into();
        }
        self.apply("WORKSPACE_UPDATED", &id, payload);
    }

    pub fn set_all(&mut self, positions: &[(Slot, Point)]) {
        positions.iter().for_each(|(slot, to)| self.set_position(*slot, *to, None));
    }

    pub fn add(&mut self, team: Option<Slot>, count: usize) -> Vec<Slot> {
        let mut plan = Plan::new(&self.canvas, &self.index);
        let cells = plan.add(team, count);
        let displaced = plan.into_displaced();
        let parent = team.map(|team| self.id(team));
        let added = cells.into_iter().map(|cell| {
            self.last_id += 1;
            let id = format!("w{}", self.last_id);
            let payload = json!({ "name": id, "parent_id": parent, "x": cell.x, "y": cell.y, "pinned": false });
            self.apply("WORKSPACE_PROVISIONING", &id, payload);
            self.slot(&id)
        });
        let added = added.collect();
        self.set_all(&displaced);
        added
    }

    pub fn relocate(&mut self, slot: Slot, team: Option<Slot>, to: Option<Point>) {
        let mut plan = Plan::new(&self.canvas, &self.index);
        let at = plan.relocate(slot, team, to);
        let displaced = plan.into_displaced();
        if self.canvas.parent(slot) != team {
            let (id, parent) = (self.id(slot), team.map(|team| self.id(team)));
            self.apply("WORKSPACE_MOVED", &id, json!({ "new_parent_id": parent }));
        }
        self.set_position(slot, at, Some(to.is_some()));
        self.set_all(&displaced);
    }

    pub fn tidy(&mut self, team: Option<Slot>) {
        let moves = tidy(&self.canvas, team, false);
        self.set_all(&moves);
        if let Some(team) = team {
            let mut plan = Plan::new(&self.canvas, &self.index);
            plan.make_room(team);
            let displaced = plan.into_displaced();
            self.set_all(&displaced);
        }
    }

    pub fn remove(&mut self, slot: Slot) {
        for gone in self.subtree(slot).into_iter().rev() {
            let id = self.id(gone);
            self.apply("WORKSPACE_REMOVED", &id, json!({}));
        }
    }

    pub fn subtree(&self, slot: Slot) -> Vec<Slot> {
        let mut all = vec![slot];
        let mut next = 0;
        while let Some(slot) = all.get(next).copied() {
            all.extend_from_slice(self.canvas.children(slot));
            next += 1;
        }
        all
    }

    pub fn id(&self, slot: Slot) -> String {
        self.canvas.get(slot).unwrap().id.to_string()
    }

    pub fn slot(&self, id: &str) -> Slot {
        self.canvas.find(&WorkspaceId::parse(id).unwrap()).unwrap()
    }

    pub fn any(&mut self) -> Option<Slot> {
        let slots: Vec<Slot> = self.canvas.iter().map(|(slot, _)| slot).collect();
        (!slots.is_empty()).then(|| slots[self.below(slots.len())])
    }

    /// Returns a team that `slot` may move into, or `None` for outside of all teams.
    pub fn any_team(&mut self, slot: Option<Slot>) -> Option<Slot> {
        let team = self.any().filter(|team| slot.is_none_or(|slot| !self.canvas.would_cycle(slot, *team)));
        team.filter(|_| self.below(4) > 0)
    }

    pub fn positions(&self) -> HashMap<String, Point> {
        self.canvas.iter().map(|(_, record)| (record.id.to_string(), position(record).unwrap())).collect()
    }

    pub fn children(&self, team: Option<Slot>) -> &[Slot] {
        team.map_or(self.canvas.roots(), |team| self.canvas.children(team))
    }

    /// Asserts that no siblings overlap, that teams enclose their members, that the incremental index equals a new one, and that
    /// a page that follows the events and one that loads the records show the same.
    pub fn check(&self) {
        let new_index = PositionIndex::of(&self.canvas);
        let mut new_page = Arrangement::default();
        let all: Vec<Slot> = self.canvas.iter().map(|(slot, _)| slot).collect();
        new_page.update(&self.canvas, &all, &[]);
        for slot in all.iter().copied() {
            let (rect, id) = (self.index.rect(slot).unwrap(), self.id(slot));
            assert_eq!(new_index.rect(slot), Some(rect), "{id}");
            assert_eq!((self.page.rect(slot), new_page.rect(slot)), (Some(rect), Some(rect)), "{id}");
            for other in self.children(self.canvas.parent(slot)).iter().filter(|other| **other != slot) {
                let other_rect = self.index.rect(*other).unwrap();
                assert!(!rect.meets(&other_rect), "{id} at {rect:?} meets {} at {other_rect:?}", self.id(*other));
            }
            let team = self.canvas.parent(slot).map(|team| self.index.rect(team).unwrap());
            assert!(team.is_none_or(|team| team.encloses(&rect)), "{id} is not inside its team");
        }
    }

    pub fn positions_of(&self, slot: Slot) -> Point {
        position(self.canvas.get(slot).unwrap()).unwrap()
    }
}
