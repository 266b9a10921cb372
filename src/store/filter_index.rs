//! Who is held back by what the person looks for, by slot: asked once a change for each. Never what they look for, nor the
//! quick way to ask all of them (`find`).

use orrery_model::{Canvas, Changes, Slot};

/// Boxed, because what it asks is in the second file: until that is there everyone passes.
pub type Passes = Box<dyn Fn(&Canvas, Slot) -> bool>;

pub struct FilterQuery {
    pub passes: Passes,
    /// A move of one may be an answer about others.
    pub asks_for_team: bool,
}

#[derive(Default)]
pub struct FilterIndex {
    question: Option<FilterQuery>,
    /// By slot; those beyond its end pass.
    dimmed_count: Vec<bool>,
    /// How many of them are held back.
    held: usize,
    asked: u64,
    changes: u64,
    changed: Changed,
    /// How many of them are noted.
    noted: usize,
}

/// Who changed since it was last taken: for whoever keeps something of each at hand.
#[derive(Default)]
pub enum Changed {
    /// Nobody noted it: anyone may have.
    #[default]
    Unknown,
    /// By slot; those beyond its end did not.
    Slots(Vec<bool>),
}

impl FilterIndex {
    pub fn is_dimmed(&self, slot: Slot) -> bool {
        self.dimmed_count.get(slot.index()).copied().unwrap_or(false)
    }

    pub fn dimmed_count(&self) -> usize {
        self.held
    }

    /// Counts up when others may be held back than before.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    pub fn is_open(&self) -> bool {
        self.question.is_none()
    }

    /// How often anyone was looked at so far: a test counts it.
    pub fn asked(&self) -> u64 {
        self.asked
    }

    pub fn put(&mut self, canvas: &Canvas, question: Option<FilterQuery>) {
        self.question = question;
        self.sift(canvas);
    }

    /// Whoever answered for all of them asked `asked`.
    pub fn put_answered(&mut self, question: FilterQuery, dimmed_count: Vec<bool>, asked: usize) {
        self.held = dimmed_count.iter().filter(|held| **held).count();
        (self.question, self.dimmed_count) = (Some(question), dimmed_count);
        self.asked += asked as u64;
        self.changes += 1;
    }

    /// From now on it is noted.
    pub fn take_changed(&mut self) -> Changed {
        self.noted = 0;
        std::mem::replace(&mut self.changed, Changed::Slots(Vec::new()))
    }

    /// More than so many changed since it was last taken.
    pub fn is_behind(&self, most: usize) -> bool {
        matches!(self.changed, Changed::Unknown) || self.noted > most
    }

    /// After a fold: only those that changed are looked at again.
    pub fn follow(&mut self, canvas: &Canvas, changes: &Changes, replaced: bool) {
        match &mut self.changed {
            Changed::Slots(_) if replaced => self.changed = Changed::Unknown,
            Changed::Slots(slots) => {
                let all = changes.added.iter().chain(&changes.updated);
                self.noted += all.filter(|slot| !set(slots, **slot, true)).count();
            }
            Changed::Unknown => {}
        }
        let Some(question) = &self.question else { return };
        if replaced || (changes.arrangement && question.asks_for_team) {
            return self.sift(canvas);
        }
        for (slot, _) in &changes.removed {
            self.hold(*slot, false);
        }
        for slot in changes.added.iter().chain(&changes.updated) {
            self.look(canvas, *slot);
        }
    }

    fn sift(&mut self, canvas: &Canvas) {
        self.changes += 1;
        self.dimmed_count.clear();
        self.held = 0;
        if self.question.is_some() {
            for (slot, _) in canvas.iter() {
                self.look(canvas, slot);
            }
        }
    }

    fn look(&mut self, canvas: &Canvas, slot: Slot) {
        let Some(question) = &self.question else { return };
        self.asked += 1;
        let held = canvas.get(slot).is_some() && !(question.passes)(canvas, slot);
        self.hold(slot, held);
    }

    fn hold(&mut self, slot: Slot, held: bool) {
        self.held = self.held + usize::from(held) - usize::from(self.is_dimmed(slot));
        if set(&mut self.dimmed_count, slot, held) != held {
            self.changes += 1;
        }
    }
}

/// Answers what it was.
fn set(all: &mut Vec<bool>, slot: Slot, value: bool) -> bool {
    if all.len() <= slot.index() {
        all.resize(slot.index() + 1, false);
    }
    std::mem::replace(&mut all[slot.index()], value)
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
        let passes = |canvas: &Canvas, slot| canvas.get(slot).is_some_and(|it| it.status == Status::Failed);
        Some(FilterQuery { passes: Box::new(passes), asks_for_team: false })
    }

    #[wasm_bindgen_test]
    fn each_is_looked_at_once_and_again_only_when_it_changed() {
        let canvas = canvas(&[Status::Failed, Status::Online, Status::Online]);
        let slots: Vec<Slot> = canvas.iter().map(|(slot, _)| slot).collect();
        let mut filter_index = FilterIndex::default();
        filter_index.put(&canvas, failed());
        assert_eq!((filter_index.asked(), filter_index.dimmed_count()), (3, 2));
        let changes = Changes { updated: vec![slots[1]], arrangement: true, ..Changes::default() };
        filter_index.follow(&canvas, &changes, false);
        assert_eq!((filter_index.asked(), filter_index.dimmed_count()), (4, 2));
        assert!(filter_index.is_dimmed(slots[1]) && !filter_index.is_dimmed(slots[0]));
        filter_index.put(&canvas, None);
        assert_eq!((filter_index.asked(), filter_index.dimmed_count()), (4, 0));
    }

    #[wasm_bindgen_test]
    fn who_changed_is_noted_as_soon_as_somebody_asks() {
        let canvas = canvas(&[Status::Failed, Status::Online]);
        let slots: Vec<Slot> = canvas.iter().map(|(slot, _)| slot).collect();
        let mut filter_index = FilterIndex::default();
        let one = Changes { updated: vec![slots[1], slots[1]], ..Changes::default() };
        filter_index.follow(&canvas, &one, false);
        assert!(filter_index.is_behind(9) && matches!(filter_index.take_changed(), Changed::Unknown));
        filter_index.follow(&canvas, &one, false);
        assert!(filter_index.is_behind(0) && !filter_index.is_behind(1));
        assert!(matches!(filter_index.take_changed(), Changed::Slots(all) if all == [false, true]));
        assert!(matches!(filter_index.take_changed(), Changed::Slots(all) if all.is_empty()));
        filter_index.follow(&canvas, &one, true);
        assert!(matches!(filter_index.take_changed(), Changed::Unknown));
    }

    #[wasm_bindgen_test]
    fn a_place_that_became_free_is_not_held_back() {
        let canvas = canvas(&[Status::Online]);
        let slot = canvas.iter().map(|(slot, _)| slot).next().unwrap();
        let mut filter_index = FilterIndex::default();
        filter_index.put(&canvas, failed());
        let gone = Changes { removed: vec![(slot, WorkspaceId::parse("w0").unwrap())], ..Changes::default() };
        filter_index.follow(&Canvas::default(), &gone, false);
        assert_eq!(filter_index.dimmed_count(), 0);
    }
}
