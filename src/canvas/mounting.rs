//! Which workspaces are elements of the page, and which are only drawn. Never mounts or draws them.

use std::collections::HashSet;

use orrery_model::Slot;

use crate::store::CanvasStore;
use crate::store::OverviewStatus;
use orrery_layout::{Rect, Shape};

/// How much is shown of each workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// Full cards.
    #[default]
    Near,
    /// Boxes with names.
    Middle,
    /// Blocks of status colour, teams with their names.
    Far,
}

impl Detail {
    pub fn word(self) -> &'static str {
        match self {
            Self::Near => "near",
            Self::Middle => "middle",
            Self::Far => "far",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mounting {
    pub detail: Detail,
    /// Teams before cards, the outer ones first: the order of painting.
    pub slots: Vec<Slot>,
}

/// A card is nine elements, at most thirteen: so many stay below 1,500 of them, the open panel included.
pub const MOST: usize = 130;
const MOST_FAILED: usize = 60;
/// So many pixels around the window are mounted before they are seen.
const AHEAD: f64 = 96.0;
/// Below, a card's text is too small to read.
const NEAR: f64 = 0.42;
const FAR: f64 = 0.14;

/// `kept` are mounted in any case: what is selected, focused or in the hand.
pub fn choose(store: &CanvasStore, seen: &Rect, zoom: f64, kept: &[Slot]) -> Mounting {
    // Far out nothing is mounted but what is kept, and everything would be around.
    let around = if zoom < FAR { Vec::new() } else { store.nodes_in(&seen.inflated(AHEAD / zoom)) };
    let detail = match zoom {
        ..FAR => Detail::Far,
        _ if zoom < NEAR || around.len() > MOST => Detail::Middle,
        _ => Detail::Near,
    };
    let mut chosen: HashSet<Slot> = kept.iter().copied().filter(|slot| store.rect(*slot).is_some()).collect();
    match detail {
        Detail::Near => chosen.extend(around),
        Detail::Middle => {
            chosen.extend(around.into_iter().filter(|slot| calls_for_help(store, *slot)).take(MOST_FAILED))
        }
        Detail::Far => {}
    }
    let mut slots: Vec<Slot> = chosen.into_iter().collect();
    slots.sort_unstable_by_key(|slot| (store.shape(*slot) == Shape::Card, store.depth(*slot), *slot));
    Mounting { detail, slots }
}

fn calls_for_help(store: &CanvasStore, slot: Slot) -> bool {
    store.shape(slot) == Shape::Card && store.overview_status(slot) == OverviewStatus::Failed
}
