//! What was asked to go elsewhere: shown there at once, until the events say the same or the server refuses. Never where it
//! goes (`landing`), never what is said about it.

use std::time::Duration;

use leptos::prelude::*;
use orrery_model::Slot;

use super::controller::CanvasController;
use super::landing::Landing;
use super::relocation::tell;
use crate::api::ApiError;
use crate::commands::Commands;

/// Given to the page by context; cheap to copy.
#[derive(Clone, Copy)]
pub struct Landings {
    controller: CanvasController,
    commands: Commands,
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
    pub fn new(controller: CanvasController, commands: Commands) -> Self {
        Self { controller, commands, shown: StoredValue::new(Vec::new()) }
    }

    /// Ends when the server has answered. What it refuses is back where it stands.
    pub async fn ask(&self, landing: &Landing) -> Result<(), ApiError> {
        self.show(landing);
        let answer = match self.commands.ready() {
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
        let controller = self.controller;
        self.end(|landing| {
            controller.store.with_value(|store| {
                store.canvas().workspace(&landing.id).is_none_or(|record| {
                    let stands = record.x == Some(landing.at.x) && record.y == Some(landing.at.y);
                    let parent = landing.parent.as_ref().map(|(id, _)| id);
                    (stands || !landing.says_place) && record.parent_id.as_ref() == parent
                })
            })
        });
    }

    fn show(&self, landing: &Landing) {
        self.end(|it| it.id == landing.id);
        let slots = self.controller.store.try_update_value(|store| {
            let slot = store.canvas().find(&landing.id)?;
            let slots = store.subtree(slot);
            // Since it was planned it may have been moved by somebody else.
            let stands = store.layout_rect(slot).map_or(landing.stood, |rect| rect.at);
            store.set_drag_offset(&slots, landing.at.minus(stands));
            Some(slots)
        });
        if let Some(slots) = slots.flatten() {
            self.controller.publish_positions(&slots);
            self.controller.schedule_repaint();
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
            self.controller.store.update_value(|store| store.clear_drag_offset(&slots));
            self.controller.publish_positions(&slots);
            self.controller.schedule_repaint();
        }
    }
}
