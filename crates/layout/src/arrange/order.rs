//! The order in which containers are laid out: a team gets its size before it gets its place.

use std::cmp::Reverse;
use std::collections::HashSet;

use orrery_model::{Canvas, Slot};

/// Returns the containers and all their ancestors, each once, inner ones first. The last is the root.
pub(crate) fn with_ancestors(canvas: &Canvas, containers: Vec<Option<Slot>>) -> Vec<Option<Slot>> {
    let mut found = HashSet::new();
    for container in containers {
        let mut ancestor = container.filter(|slot| canvas.get(*slot).is_some());
        while let Some(slot) = ancestor
            && found.insert(slot)
        {
            ancestor = canvas.parent(slot);
        }
    }
    let depth = |slot: Slot| std::iter::successors(Some(slot), |slot| canvas.parent(*slot)).count();
    let mut ordered: Vec<Slot> = found.iter().copied().collect();
    ordered.sort_unstable_by_key(|slot| (Reverse(depth(*slot)), *slot));
    ordered.into_iter().map(Some).chain([None]).collect()
}
