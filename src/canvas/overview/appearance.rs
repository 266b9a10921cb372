//! Tracks how each node appears in the overview, so that events that change nothing visible cause no repaint.

use std::hash::{DefaultHasher, Hash, Hasher};

use orrery_model::Slot;

use crate::canvas::culling::LevelOfDetail;
use crate::canvas::labels;
use crate::store::CanvasStore;
use crate::store::OverviewStatus;

/// The appearance of each node at its last event, by slot. Nodes without an event so far have none.
#[derive(Default)]
pub struct AppearanceCache {
    appearances: Vec<Option<Appearance>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Appearance {
    /// At `LevelOfDetail::Far`: the status, and whether the filter dims the node.
    far: (OverviewStatus, bool),
    /// What `LevelOfDetail::Middle` shows besides: a hash of the name and of the second line.
    middle: u64,
}

/// What a change of a node's appearance requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppearanceChange {
    Nothing,
    Repaint,
    /// The node failed or recovered, and so may have to be rendered as an element, or no longer.
    Cull,
}

impl AppearanceCache {
    /// Forgets all nodes, because their slots have been assigned anew.
    pub fn clear(&mut self) {
        self.appearances.clear();
    }

    /// Records how the node appears now, and returns what the difference requires.
    pub fn update(&mut self, store: &CanvasStore, slot: Slot, level_of_detail: LevelOfDetail) -> AppearanceChange {
        let Some(workspace) = store.canvas().get(slot) else { return AppearanceChange::Nothing };
        let far = (store.overview_status(slot), store.filter_index.is_dimmed(slot));
        let middle = hash((&workspace.name, labels::problem_or_task(workspace)));
        let appearance = Appearance { far, middle };
        let is_failed = |appearance: Appearance| appearance.far.0 == OverviewStatus::Failed;
        if self.appearances.len() <= slot.index() {
            self.appearances.resize(slot.index() + 1, None);
        }
        let before = self.appearances[slot.index()].replace(appearance);
        match level_of_detail {
            _ if before == Some(appearance) => AppearanceChange::Nothing,
            LevelOfDetail::Near => AppearanceChange::Nothing,
            LevelOfDetail::Middle if before.is_none_or(|before| is_failed(before) != is_failed(appearance)) => {
                AppearanceChange::Cull
            }
            LevelOfDetail::Middle => AppearanceChange::Repaint,
            LevelOfDetail::Far if before.is_some_and(|before| before.far == appearance.far) => {
                AppearanceChange::Nothing
            }
            LevelOfDetail::Far => AppearanceChange::Repaint,
        }
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
