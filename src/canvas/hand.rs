//! What is in the hand: picked up, carried, dropped, and shown where it was dropped until the server agrees or refuses.
//! Never decides where it goes (`landing`).

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use orrery_protocol::WorkspaceId;

use super::landing::{self, Landing};
use super::relocation::{back, tell, words};
use super::stage::Stage;
use crate::actions::Actions;
use crate::geometry::Point;
use crate::session::{Session, Tone, Undo};

#[derive(Clone, Copy)]
pub struct Hand {
    stage: Stage,
    session: Session,
    actions: Actions,
    held: StoredValue<Held>,
}

#[derive(Debug, Clone, PartialEq, Default)]
enum Held {
    #[default]
    Nothing,
    Carried(WorkspaceId),
    /// Dropped: it is shown there until the server's events say the same.
    Landing(Landing),
}

/// After the server agreed, its events are here within this time, or we heard them differently.
const EVENTS_WITHIN: Duration = Duration::from_millis(1500);

impl Hand {
    pub fn new(stage: Stage, session: Session, actions: Actions) -> Self {
        Self { stage, session, actions, held: StoredValue::new(Held::Nothing) }
    }

    pub fn pick_up(&self, id: WorkspaceId) {
        self.put_down();
        let carried = self.stage.fleet.try_update_value(|fleet| {
            let slot = fleet.canvas().find(&id)?;
            let all = fleet.subtree(slot);
            fleet.carry(all.iter().copied());
            Some(all)
        });
        let Some(carried) = carried.flatten() else { return };
        self.held.set_value(Held::Carried(id));
        self.stage.gesture.set(Some("drag"));
        self.stage.replace(&carried);
    }

    /// `by` in pixels of the screen.
    pub fn carry(&self, by: Point, pointer: Point) {
        let Held::Carried(id) = self.held.get_value() else { return };
        let by = by.times(1.0 / self.stage.camera().zoom);
        let pointer = self.stage.to_world(pointer);
        let told = self.stage.fleet.try_update_value(|fleet| {
            fleet.carry_by(by);
            let parent = fleet.canvas().find(&id).and_then(|slot| fleet.canvas().parent(slot));
            // Staying in its own team is nothing to show.
            let target = landing::target(fleet, pointer).filter(|target| Some(*target) != parent);
            let target = target.and_then(|target| fleet.canvas().get(target)).map(|it| it.id.clone());
            (target, fleet.carried())
        });
        let Some((target, carried)) = told else { return };
        if self.stage.target.get_untracked() != target {
            self.stage.target.set(target);
        }
        self.stage.replace(&carried);
        self.stage.dirty();
    }

    pub fn drop_at(&self, by: Point, pointer: Point) {
        self.carry(by, pointer);
        let Held::Carried(id) = self.held.get_value() else { return };
        let by = by.times(1.0 / self.stage.camera().zoom);
        let pointer = self.stage.to_world(pointer);
        let landing = self.stage.fleet.with_value(|fleet| landing::of(fleet, fleet.canvas().find(&id)?, by, pointer));
        self.stage.target.set(None);
        self.stage.gesture.set(None);
        let Some(landing) = landing.filter(|landing| landing.at != landing.stood || landing.is_nesting()) else {
            return self.put_down();
        };
        self.stage.fleet.update_value(|fleet| fleet.carry_by(landing.at.minus(landing.stood)));
        let carried = self.stage.fleet.with_value(|fleet| fleet.carried());
        self.stage.replace(&carried);
        self.held.set_value(Held::Landing(landing.clone()));
        self.ask(landing);
    }

    /// Back to where it stands.
    pub fn put_down(&self) {
        self.held.set_value(Held::Nothing);
        self.stage.target.set(None);
        self.stage.gesture.set(None);
        let slots = self.stage.fleet.try_update_value(|fleet| fleet.put_down()).unwrap_or_default();
        self.stage.replace(&slots);
        self.stage.dirty();
    }

    /// After each fold: do the events say what was shown already?
    pub fn check_landing(&self) {
        let Held::Landing(landing) = self.held.get_value() else { return };
        let landed = self.stage.fleet.with_value(|fleet| {
            fleet.canvas().workspace(&landing.id).is_none_or(|record| {
                record.x == Some(landing.at.x)
                    && record.y == Some(landing.at.y)
                    && record.parent_id.as_ref() == landing.parent.as_ref().map(|(id, _)| id)
            })
        });
        if landed {
            self.put_down();
        }
    }

    fn ask(&self, landing: Landing) {
        let hand = *self;
        spawn_local(async move {
            let answer = match hand.actions.ready() {
                Ok(api) => tell(&api, &landing).await,
                Err(error) => Err(error),
            };
            match answer {
                Ok(()) => {
                    let undo: Undo = Arc::new({
                        let back = back(&landing);
                        move || hand.ask_back(back.clone())
                    });
                    hand.session.say(Tone::Done, words(&landing), Some(undo));
                    set_timeout(move || hand.give_up(&landing), EVENTS_WITHIN);
                }
                Err(error) => {
                    hand.give_up(&landing);
                    let refused = format!("“{}” stays where it is: {error}", landing.name);
                    hand.session.say(Tone::Refused, refused, None);
                }
            }
        });
    }

    fn ask_back(&self, landing: Landing) {
        let hand = *self;
        spawn_local(async move {
            let answer = match hand.actions.ready() {
                Ok(api) => tell(&api, &landing).await,
                Err(error) => Err(error),
            };
            if let Err(error) = answer {
                hand.session.say(Tone::Refused, format!("That could not be undone: {error}"), None);
            }
        });
    }

    /// Only if that very landing is still shown.
    fn give_up(&self, landing: &Landing) {
        if self.held.with_value(|held| *held == Held::Landing(landing.clone())) {
            self.put_down();
        }
    }
}
