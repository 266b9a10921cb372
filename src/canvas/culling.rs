//! Viewport culling: chooses the nodes that are rendered as elements. The overview layer paints all others.

use std::collections::HashSet;

use orrery_model::Slot;

use crate::store::CanvasStore;
use crate::store::OverviewStatus;
use orrery_layout::{Rect, Shape, sort};

/// How much is shown of each node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LevelOfDetail {
    /// Full cards.
    #[default]
    Near,
    /// Boxes with names.
    Middle,
    /// Blocks in the colour of the status, and teams with their names.
    Far,
}

impl LevelOfDetail {
    /// Returns the value of the canvas element's `data-detail` attribute.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Near => "near",
            Self::Middle => "middle",
            Self::Far => "far",
        }
    }
}

/// The nodes to render, and how much to show of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VisibleNodes {
    pub level_of_detail: LevelOfDetail,
    /// In paint order: teams before cards, outer teams before inner ones.
    pub slots: Vec<Slot>,
}

/// The most nodes that are rendered because they are in view. A card has nine to thirteen elements, so that the page stays
/// below 1,500 elements with the panel open.
pub const MAX_RENDERED: usize = 130;
const MAX_FAILED: usize = 60;
/// Nodes are rendered this many pixels before they scroll into view.
const OVERSCAN: f64 = 96.0;
/// Below this zoom the text of a card is too small to read.
const NEAR_ZOOM: f64 = 0.42;
const FAR_ZOOM: f64 = 0.14;

/// Returns the nodes to render for a part of the world in view. `always_rendered` are rendered wherever they are: the
/// selected, focused and dragged nodes.
pub fn visible_nodes(store: &CanvasStore, in_view: &Rect, zoom: f64, always_rendered: &[Slot]) -> VisibleNodes {
    // From far away everything is in view and nothing is rendered for that reason: the query can be saved.
    let nearby = if zoom < FAR_ZOOM { Vec::new() } else { store.within(&in_view.inflated(OVERSCAN / zoom)) };
    let level_of_detail = match zoom {
        ..FAR_ZOOM => LevelOfDetail::Far,
        _ if zoom < NEAR_ZOOM || nearby.len() > MAX_RENDERED => LevelOfDetail::Middle,
        _ => LevelOfDetail::Near,
    };
    let mut chosen: HashSet<Slot> =
        always_rendered.iter().copied().filter(|slot| store.rect(*slot).is_some()).collect();
    match level_of_detail {
        LevelOfDetail::Near => chosen.extend(nearby),
        LevelOfDetail::Middle => {
            chosen.extend(nearby.into_iter().filter(|slot| is_failed_card(store, *slot)).take(MAX_FAILED))
        }
        LevelOfDetail::Far => {}
    }
    let mut slots: Vec<Slot> = chosen.into_iter().collect();
    sort::by(&mut slots, |slot| (u32::from(store.shape(slot) == Shape::Card) << 16) + store.depth(slot) as u32);
    VisibleNodes { level_of_detail, slots }
}

fn is_failed_card(store: &CanvasStore, slot: Slot) -> bool {
    store.shape(slot) == Shape::Card && store.tone(slot) == OverviewStatus::Failed
}
