//! Viewport culling: chooses the nodes that are rendered as elements. The overview layer paints all others.

use std::collections::HashSet;

use orrery_model::Slot;

use crate::store::CanvasStore;
use crate::store::OverviewStatus;
use orrery_layout::arrange::CARD;
use orrery_layout::{Rect, Shape};

/// How much is shown of each node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LevelOfDetail {
    /// Full cards.
    #[default]
    Near,
    /// Tiles with a status mark, a name, and the problem or the task.
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
    /// What the overview layer paints; `Near` stands for nothing, because all nodes in view are rendered.
    pub painted: LevelOfDetail,
    /// In paint order: teams before cards, outer teams before inner ones.
    pub slots: Vec<Slot>,
}

/// The most nodes that are rendered because they are in view. A card has nine to thirteen elements, so that the page stays
/// below 1,500 elements with the panel open.
pub const MAX_RENDERED: usize = 130;
const MAX_FAILED: usize = 60;
/// Nodes are rendered this many pixels before they scroll into view.
const OVERSCAN: f64 = 96.0;
/// A card is 180 CSS pixels wide, and its smallest text 9 pixels high.
const NEAR_ZOOM: f64 = 180.0 / CARD.width;
/// A card is 70 CSS pixels wide. Below, the header of a team has no room for text.
const FAR_ZOOM: f64 = 70.0 / CARD.width;

/// Returns the nodes to render for a part of the world in view. `always_rendered` are rendered wherever they are: the
/// selected, focused and dragged nodes.
pub fn visible_nodes(store: &CanvasStore, in_view: &Rect, zoom: f64, always_rendered: &[Slot]) -> VisibleNodes {
    // From far away everything is in view and nothing is rendered for that reason: the query can be saved.
    let nearby = if zoom < FAR_ZOOM { Vec::new() } else { store.nodes_in(&in_view.inflated(OVERSCAN / zoom)) };
    let level_of_detail = match zoom {
        ..FAR_ZOOM => LevelOfDetail::Far,
        _ if zoom < NEAR_ZOOM || nearby.len() > MAX_RENDERED => LevelOfDetail::Middle,
        _ => LevelOfDetail::Near,
    };
    let painted = match level_of_detail {
        LevelOfDetail::Middle if nearby.len() <= MAX_RENDERED => LevelOfDetail::Near,
        level_of_detail => level_of_detail,
    };
    let mut chosen: HashSet<Slot> =
        always_rendered.iter().copied().filter(|slot| store.rect(*slot).is_some()).collect();
    match painted {
        LevelOfDetail::Near => chosen.extend(nearby),
        LevelOfDetail::Middle => {
            chosen.extend(nearby.into_iter().filter(|slot| is_failed_card(store, *slot)).take(MAX_FAILED))
        }
        LevelOfDetail::Far => {}
    }
    let mut slots: Vec<Slot> = chosen.into_iter().collect();
    slots.sort_unstable_by_key(|slot| (store.shape(*slot) == Shape::Card, store.depth(*slot), *slot));
    VisibleNodes { level_of_detail, painted, slots }
}

/// How many letters of a name have room on a card at zoom 1.
pub const MAX_NAME_LETTERS: usize = 24;
/// Of a tile, in CSS pixels: the space beside the name, and the width of a letter, which is larger at zoom 1.
const BESIDE_NAME: f64 = 25.0;
const LETTER: f64 = 5.7;
const LETTER_AT_ZOOM_1: f64 = 9.3;

/// Returns how many letters of a name have room on a rendered card.
pub fn name_letters(level_of_detail: LevelOfDetail, zoom: f64) -> usize {
    match level_of_detail {
        LevelOfDetail::Middle => ((CARD.width * zoom - BESIDE_NAME) / LETTER.max(LETTER_AT_ZOOM_1 * zoom)) as usize,
        LevelOfDetail::Near | LevelOfDetail::Far => MAX_NAME_LETTERS,
    }
}

fn is_failed_card(store: &CanvasStore, slot: Slot) -> bool {
    store.shape(slot) == Shape::Card && store.overview_status(slot) == OverviewStatus::Failed
}
