//! The results of the filter by slot: which workspaces it excludes. Each is evaluated once a change.

use orrery_model::{Canvas, Changes, Slot};

/// Whether a workspace passes the filter. Boxed, because the filter itself is in the lazily loaded chunk.
pub type Passes = Box<dyn Fn(&Canvas, Slot) -> bool>;

/// A filter that is ready to be evaluated.
pub struct FilterQuery {
    pub passes: Passes,
    /// Whether the result for one workspace depends on the parents of others.
    pub depends_on_tree: bool,
}

/// The filter results. Without a query every workspace passes.
#[derive(Default)]
pub struct FilterIndex {
    query: Option<FilterQuery>,
    /// By slot; those beyond its end pass.
    is_dimmed: Vec<bool>,
    dimmed_count: usize,
    evaluations: u64,
    revision: u64,
    changed: ChangedSlots,
    changed_count: usize,
}

/// Which records have changed since the changes were last taken.
#[derive(Default)]
pub enum ChangedSlots {
    /// Any of them may have.
    #[default]
    Any,
    /// By slot; those beyond its end have not.
    Known(Vec<bool>),
}

impl FilterIndex {
    /// Returns whether the filter excludes a workspace.
    pub fn is_dimmed(&self, slot: Slot) -> bool {
        self.is_dimmed.get(slot.index()).copied().unwrap_or(false)
    }

    /// Returns how many workspaces the filter excludes.
    pub fn dimmed_count(&self) -> usize {
        self.dimmed_count
    }

    /// Returns a number that grows when a result changes.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns whether there is no query, so that every workspace passes.
    pub fn is_empty(&self) -> bool {
        self.query.is_none()
    }

    /// Returns how often a workspace was evaluated so far. For tests.
    pub fn evaluation_count(&self) -> u64 {
        self.evaluations
    }

    /// Replaces the query and evaluates every workspace.
    pub fn set_query(&mut self, canvas: &Canvas, query: Option<FilterQuery>) {
        self.query = query;
        self.evaluate_all(canvas);
    }

    /// Replaces the query by one whose results, by slot, the caller has found with this many evaluations.
    pub fn set_results(&mut self, query: FilterQuery, is_dimmed: Vec<bool>, evaluations: usize) {
        self.dimmed_count = is_dimmed.iter().filter(|is_dimmed| **is_dimmed).count();
        (self.query, self.is_dimmed) = (Some(query), is_dimmed);
        self.evaluations += evaluations as u64;
        self.revision += 1;
    }

    /// Returns which records have changed since the last call, and starts to remember further changes.
    pub fn take_changes(&mut self) -> ChangedSlots {
        self.changed_count = 0;
        std::mem::replace(&mut self.changed, ChangedSlots::Known(Vec::new()))
    }

    /// Returns whether more than so many records have changed since the changes were last taken.
    pub fn is_behind(&self, limit: usize) -> bool {
        matches!(self.changed, ChangedSlots::Any) || self.changed_count > limit
    }

    /// Evaluates the records that a frame has changed.
    pub fn update(&mut self, canvas: &Canvas, changes: &Changes, replaced: bool) {
        match &mut self.changed {
            ChangedSlots::Known(_) if replaced => self.changed = ChangedSlots::Any,
            ChangedSlots::Known(slots) => {
                let changed = changes.added.iter().chain(&changes.updated);
                self.changed_count += changed.filter(|slot| !replace(slots, **slot, true)).count();
            }
            ChangedSlots::Any => {}
        }
        let Some(query) = &self.query else { return };
        if replaced || (changes.arrangement && query.depends_on_tree) {
            return self.evaluate_all(canvas);
        }
        for (slot, _) in &changes.removed {
            self.set_dimmed(*slot, false);
        }
        for slot in changes.added.iter().chain(&changes.updated) {
            self.evaluate(canvas, *slot);
        }
    }

    fn evaluate_all(&mut self, canvas: &Canvas) {
        self.revision += 1;
        self.is_dimmed.clear();
        self.dimmed_count = 0;
        if self.query.is_some() {
            for (slot, _) in canvas.iter() {
                self.evaluate(canvas, slot);
            }
        }
    }

    fn evaluate(&mut self, canvas: &Canvas, slot: Slot) {
        let Some(query) = &self.query else { return };
        self.evaluations += 1;
        let is_dimmed = canvas.get(slot).is_some() && !(query.passes)(canvas, slot);
        self.set_dimmed(slot, is_dimmed);
    }

    fn set_dimmed(&mut self, slot: Slot, is_dimmed: bool) {
        self.dimmed_count = self.dimmed_count + usize::from(is_dimmed) - usize::from(self.is_dimmed(slot));
        if replace(&mut self.is_dimmed, slot, is_dimmed) != is_dimmed {
            self.revision += 1;
        }
    }
}

/// Sets the value of a slot and returns the one before.
fn replace(values: &mut Vec<bool>, slot: Slot, value: bool) -> bool {
    if values.len() <= slot.index() {
        values.resize(slot.index() + 1, false);
    }
    std::mem::replace(&mut values[slot.index()], value)
}

#[cfg(test)]
mod tests {
    use orrery_protocol::{Status, Workspace, WorkspaceId};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn canvas(statuses: &[Status]) -> Canvas {
        let row = |(at, status): (usize, &Status)| {
            let mut row = Workspace::new(WorkspaceId::parse(&format!("w{at}")).unwrap());
            row.status = status.clone();
            row
        };
        Canvas::from_rows(statuses.iter().enumerate().map(row), 1)
    }

    fn failed() -> Option<FilterQuery> {
        let passes =
            |canvas: &Canvas, slot| canvas.get(slot).is_some_and(|workspace| workspace.status == Status::Failed);
        Some(FilterQuery { passes: Box::new(passes), depends_on_tree: false })
    }

    #[wasm_bindgen_test]
    fn evaluates_each_workspace_once_a_change() {
        let canvas = canvas(&[Status::Failed, Status::Online, Status::Online]);
        let slots: Vec<Slot> = canvas.iter().map(|(slot, _)| slot).collect();
        let mut filter_index = FilterIndex::default();
        filter_index.set_query(&canvas, failed());
        assert_eq!((filter_index.evaluation_count(), filter_index.dimmed_count()), (3, 2));
        let changes = Changes { updated: vec![slots[1]], arrangement: true, ..Changes::default() };
        filter_index.update(&canvas, &changes, false);
        assert_eq!((filter_index.evaluation_count(), filter_index.dimmed_count()), (4, 2));
        assert!(filter_index.is_dimmed(slots[1]) && !filter_index.is_dimmed(slots[0]));
        filter_index.set_query(&canvas, None);
        assert_eq!((filter_index.evaluation_count(), filter_index.dimmed_count()), (4, 0));
    }

    #[wasm_bindgen_test]
    fn remembers_changes_once_they_were_taken() {
        let canvas = canvas(&[Status::Failed, Status::Online]);
        let slots: Vec<Slot> = canvas.iter().map(|(slot, _)| slot).collect();
        let mut filter_index = FilterIndex::default();
        let one = Changes { updated: vec![slots[1], slots[1]], ..Changes::default() };
        filter_index.update(&canvas, &one, false);
        assert!(filter_index.is_behind(9) && matches!(filter_index.take_changes(), ChangedSlots::Any));
        filter_index.update(&canvas, &one, false);
        assert!(filter_index.is_behind(0) && !filter_index.is_behind(1));
        assert!(matches!(filter_index.take_changes(), ChangedSlots::Known(all) if all == [false, true]));
        assert!(matches!(filter_index.take_changes(), ChangedSlots::Known(all) if all.is_empty()));
        filter_index.update(&canvas, &one, true);
        assert!(matches!(filter_index.take_changes(), ChangedSlots::Any));
    }

    #[wasm_bindgen_test]
    fn a_removed_workspace_is_not_dimmed() {
        let canvas = canvas(&[Status::Online]);
        let slot = canvas.iter().map(|(slot, _)| slot).next().unwrap();
        let mut filter_index = FilterIndex::default();
        filter_index.set_query(&canvas, failed());
        let removed = Changes { removed: vec![(slot, WorkspaceId::parse("w0").unwrap())], ..Changes::default() };
        filter_index.update(&Canvas::default(), &removed, false);
        assert_eq!(filter_index.dimmed_count(), 0);
    }
}
