//! What was asked to go elsewhere: shown there at once, until the events say the same or the server refuses. Never where it
//! goes (`landing`), never what is said about it.

use std::time::Duration;

use leptos::prelude::*;
use orrery_model::Slot;

use super::landing::Landing;
use super::relocation::tell;
use super::stage::Stage;
use crate::actions::Actions;
use crate::api::ApiError;

/// Given to the page by context; cheap to copy.
#[derive(Clone, Copy)]
pub struct Landings {
    stage: Stage,
    actions: Actions,
    shown: StoredValue<Vec<Shown>>,
}

#[derive(Clone)]
struct Shown {
    landing: Landing,
    /// It, and all that was inside it.
    slots: Vec<Slot>,
}

/// After the server agreed, its events are here within this time, or we heard them differently.
const EVENTS_WITHIN: Duration = Duration::from_millis(1500);

impl Landings {
    pub fn new(stage: Stage, actions: Actions) -> Self {
        Self { stage, actions, shown: StoredValue::new(Vec::new()) }
    }

    /// Ends when the server has answered. What it refuses is back where it stands.
    pub async fn ask(&self, landing: &Landing) -> Result<(), ApiError> {
        self.show(landing);
        let answer = match self.actions.ready() {
            Ok(api) => tell(&api, landing).await,
            Err(error) => Err(error),
        };
        match &answer {
            Ok(()) => {
                let (landings, landing) = (*self, landing.clone());
                set_timeout(move || landings.end(|it| *it == landing), EVENTS_WITHIN);
            }
            Err(_) => self.end(|it| it == landing),
        }
        answer
    }

    /// After each fold: do the events say what was shown already?
    pub fn check(&self) {
        if self.shown.with_value(Vec::is_empty) {
            return;
        }
        let stage = self.stage;
        self.end(|landing| {
            stage.fleet.with_value(|fleet| {
                fleet.canvas().workspace(&landing.id).is_none_or(|record| {
                    let stands = record.x == Some(landing.at.x) && record.y == Some(landing.at.y);
                    let parent = landing.parent.as_ref().map(|(id, _)| id);
                    (stands || !landing.says_place) && record.parent_id.as_ref() == parent
                })
            })
        });
    }

    fn show(&self, landing: &Landing) {
        self.end(|it| it.id == landing.id);
        let slots = self.stage.fleet.try_update_value(|fleet| {
            let slot = fleet.canvas().find(&landing.id)?;
            let slots = fleet.subtree(slot);
            // Since it was planned it may have been moved by somebody else.
            let stands = fleet.standing(slot).map_or(landing.stood, |rect| rect.at);
            fleet.carry(&slots, landing.at.minus(stands));
            Some(slots)
        });
        if let Some(slots) = slots.flatten() {
            self.stage.replace(&slots);
            self.stage.dirty();
            self.shown.update_value(|shown| shown.push(Shown { landing: landing.clone(), slots }));
        }
    }

    fn end(&self, is_over: impl Fn(&Landing) -> bool) {
        let over = |shown: &mut Vec<Shown>| -> Vec<Slot> {
            let (over, rest): (Vec<Shown>, _) = std::mem::take(shown).into_iter().partition(|it| is_over(&it.landing));
            *shown = rest;
            over.into_iter().flat_map(|it| it.slots).collect()
        };
        let slots = self.shown.try_update_value(over).unwrap_or_default();
        if !slots.is_empty() {
            self.stage.fleet.update_value(|fleet| fleet.put_down(&slots));
            self.stage.replace(&slots);
            self.stage.dirty();
        }
    }
}
