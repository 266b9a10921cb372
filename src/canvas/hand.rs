//! What is in the hand: picked up, carried, and dropped. Never decides where it goes (`landing`), never what is shown
//! until the server agrees (`landings`).

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use orrery_model::Slot;
use orrery_protocol::WorkspaceId;

use super::landing::{self, Landing};
use super::landings::Landings;
use super::relocation::{back, words};
use super::stage::Stage;
use crate::bulk::{Bulk, BulkDeed, choose};
use crate::fleet::Fleet;
use crate::geometry::Point;
use crate::session::{Session, Tone, Undo};

#[derive(Clone, Copy)]
pub struct Hand {
    stage: Stage,
    session: Session,
    landings: Landings,
    bulk: Bulk,
    held: StoredValue<Option<Held>>,
}

/// It, the others that are selected with it, and all that is inside them.
#[derive(Clone)]
struct Held {
    id: WorkspaceId,
    all: Arc<[WorkspaceId]>,
    slots: Arc<[Slot]>,
}

impl Hand {
    pub fn new(stage: Stage, session: Session, landings: Landings, bulk: Bulk) -> Self {
        Self { stage, session, landings, bulk, held: StoredValue::new(None) }
    }

    pub fn pick_up(&self, id: WorkspaceId) {
        self.put_down();
        let chosen = untrack(|| choose::chosen(self.session));
        let carried = self.stage.fleet.try_update_value(|fleet| {
            let all = if chosen.contains(&id) { choose::outermost(fleet, chosen) } else { vec![id.clone()] };
            let found = all.iter().filter_map(|id| fleet.canvas().find(id));
            let slots: Vec<Slot> = found.flat_map(|slot| fleet.subtree(slot)).collect();
            fleet.carry(&slots, Point::default());
            (all, slots)
        });
        let Some((all, slots)) = carried else { return };
        self.stage.gesture.set(Some("drag"));
        self.stage.replace(&slots);
        self.held.set_value(Some(Held { id, all: all.into(), slots: slots.into() }));
    }

    /// `by` in pixels of the screen.
    pub fn carry(&self, by: Point, pointer: Point) {
        let Some(Held { id, slots, .. }) = self.held.get_value() else { return };
        let by = by.times(1.0 / self.stage.camera().zoom);
        let pointer = self.stage.to_world(pointer);
        let told = self.stage.fleet.try_update_value(|fleet| {
            fleet.carry(&slots, by);
            let parent = fleet.canvas().find(&id).and_then(|slot| fleet.canvas().parent(slot));
            // Staying in its own team is nothing to show.
            let target = landing::target(fleet, pointer).filter(|target| Some(*target) != parent);
            target.and_then(|target| fleet.canvas().get(target)).map(|it| it.id.clone())
        });
        let Some(target) = told else { return };
        if self.stage.target.get_untracked() != target {
            self.stage.target.set(target);
        }
        self.stage.replace(&slots);
        self.stage.dirty();
    }

    pub fn drop_at(&self, by: Point, pointer: Point) {
        self.carry(by, pointer);
        let Some(Held { all, .. }) = self.held.get_value() else { return };
        let by = by.times(1.0 / self.stage.camera().zoom);
        let pointer = self.stage.to_world(pointer);
        let landing = |fleet: &Fleet, id| landing::of(fleet, fleet.canvas().find(id)?, by, pointer);
        let mut landings: Vec<Landing> =
            self.stage.fleet.with_value(|fleet| all.iter().filter_map(|id| landing(fleet, id)).collect());
        landings.retain(|landing| landing.at != landing.stood || landing.is_nesting());
        self.put_down();
        match (landings.len(), landings.pop()) {
            (1, Some(landing)) => self.ask(landing),
            (_, last) => {
                landings.extend(last);
                self.bulk.begin(Vec::new(), BulkDeed::Land(landings));
            }
        }
    }

    /// Back to where it stands.
    pub fn put_down(&self) {
        self.stage.target.set(None);
        self.stage.gesture.set(None);
        if let Some(Held { slots, .. }) = self.held.try_update_value(Option::take).flatten() {
            self.stage.fleet.update_value(|fleet| fleet.put_down(&slots));
            self.stage.replace(&slots);
            self.stage.dirty();
        }
    }

    fn ask(&self, landing: Landing) {
        let hand = *self;
        // Shown before anything is drawn: between the hand and the place it lands it is nowhere else.
        spawn_local(async move {
            match hand.landings.ask(&landing).await {
                Ok(()) => {
                    let undo: Undo = Arc::new({
                        let back = back(&landing);
                        move || hand.ask_back(back.clone())
                    });
                    hand.session.say(Tone::Done, words(&landing), Some(undo));
                }
                Err(error) => {
                    let refused = format!("“{}” stays where it is: {error}", landing.name);
                    hand.session.say(Tone::Refused, refused, None);
                }
            }
        });
    }

    fn ask_back(&self, landing: Landing) {
        let hand = *self;
        spawn_local(async move {
            match hand.landings.ask(&landing).await {
                Ok(()) => hand.session.say(Tone::Done, format!("Moved “{}” back", landing.name), None),
                Err(error) => hand.session.say(Tone::Refused, format!("That could not be undone: {error}"), None),
            }
        });
    }
}
