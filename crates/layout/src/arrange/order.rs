//! In which order containers are looked at: a team's size is known before its place is sought. Never the places.

use std::collections::HashSet;

use orrery_model::{Canvas, Slot};

use crate::sort;

/// Each container and all around it, once, the inner ones first.
pub(super) fn with_ancestors(canvas: &Canvas, containers: Vec<Option<Slot>>) -> Vec<Option<Slot>> {
    let mut found = HashSet::new();
    for container in containers {
        let mut up = container.filter(|slot| canvas.get(*slot).is_some());
        while let Some(slot) = up
            && found.insert(slot)
        {
            up = canvas.parent(slot);
        }
    }
    let depth = |slot: Slot| std::iter::successors(Some(slot), |slot| canvas.parent(*slot)).count();
    let mut ordered: Vec<Slot> = found.iter().copied().collect();
    sort::by(&mut ordered, |slot| !(depth(slot) as u32));
    ordered.into_iter().map(Some).chain([None]).collect()
}
