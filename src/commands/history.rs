//! What can be undone and redone.

use super::Edit;

/// The edits of one command, which are undone together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HistoryEntry {
    pub id: u64,
    pub edits: Vec<Edit>,
}

/// Where edits come from, which decides where they are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Command,
    Undo,
    Redo,
}

/// Two stacks, the latest entry last.
#[derive(Debug, Default)]
pub(super) struct History {
    undo: Vec<HistoryEntry>,
    redo: Vec<HistoryEntry>,
    last_id: u64,
}

/// Older entries are dropped.
const MOST_ENTRIES: usize = 100;

impl History {
    /// Records edits that were carried out, and returns the entry that undoes them. Edits that cannot be taken back are left
    /// out. A new command ends what could be redone.
    pub(super) fn record(&mut self, edits: &[Edit], origin: Origin) -> Option<u64> {
        if origin == Origin::Command {
            self.redo.clear();
        }
        let reversible = edits.iter().filter_map(|edit| Some((edit.clone(), edit.reverse()?)));
        let (edits, reversed): (Vec<Edit>, Vec<Edit>) = reversible.unzip();
        if edits.is_empty() {
            return None;
        }
        self.last_id += 1;
        let id = self.last_id;
        match origin {
            Origin::Command | Origin::Redo => push(&mut self.undo, HistoryEntry { id, edits }),
            Origin::Undo => push(&mut self.redo, HistoryEntry { id, edits: reversed }),
        }
        (origin != Origin::Undo).then_some(id)
    }

    /// Removes the latest entry, or the given one, and returns it: its edits are to be reversed.
    pub(super) fn pop_undo(&mut self, id: Option<u64>) -> Option<HistoryEntry> {
        match id {
            Some(id) => {
                let index = self.undo.iter().position(|entry| entry.id == id)?;
                Some(self.undo.remove(index))
            }
            None => self.undo.pop(),
        }
    }

    /// Removes the latest entry that was undone and returns it: its edits are to be carried out again.
    pub(super) fn pop_redo(&mut self) -> Option<HistoryEntry> {
        self.redo.pop()
    }
}

fn push(stack: &mut Vec<HistoryEntry>, entry: HistoryEntry) {
    stack.push(entry);
    let surplus = stack.len().saturating_sub(MOST_ENTRIES);
    stack.drain(..surplus);
}

#[cfg(test)]
mod tests {
    use orrery_client::{Diff, FieldChange, WorkspaceDiff};
    use orrery_protocol::{Status, WorkspaceId};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn edit(changes: WorkspaceDiff) -> Edit {
        let id = WorkspaceId::parse("w").unwrap();
        Edit { id: id.clone(), diff: Diff::of(id, changes) }
    }

    fn change_tier(from: u8, to: u8) -> Edit {
        edit(WorkspaceDiff { tier: FieldChange::between(from, to), ..WorkspaceDiff::default() })
    }

    #[wasm_bindgen_test]
    fn undo_and_redo_carry_out_the_reverse_and_the_original() {
        let mut history = History::default();
        assert!(history.record(&[change_tier(1, 2)], Origin::Command).is_some());
        let entry = history.pop_undo(None).unwrap();
        let reversed: Vec<Edit> = entry.edits.iter().filter_map(Edit::reverse).collect();
        assert_eq!(reversed, [change_tier(2, 1)]);
        assert_eq!(history.record(&reversed, Origin::Undo), None, "an undo is redone, not undone");
        assert!(history.pop_undo(None).is_none());
        let again = history.pop_redo().unwrap().edits;
        assert_eq!(again, [change_tier(1, 2)]);
        assert!(history.record(&again, Origin::Redo).is_some());
        assert_eq!(history.pop_undo(None).unwrap().edits, [change_tier(1, 2)]);
    }

    #[wasm_bindgen_test]
    fn a_new_command_ends_what_could_be_redone() {
        let mut history = History::default();
        history.record(&[change_tier(2, 1)], Origin::Undo);
        history.record(&[change_tier(1, 3)], Origin::Command);
        assert!(history.pop_redo().is_none());
    }

    #[wasm_bindgen_test]
    fn an_earlier_entry_can_be_undone_before_later_ones() {
        let mut history = History::default();
        let first = history.record(&[change_tier(1, 2)], Origin::Command);
        history.record(&[change_tier(2, 3)], Origin::Command);
        assert_eq!(history.pop_undo(first).unwrap().edits, [change_tier(1, 2)]);
        assert!(history.pop_undo(first).is_none());
        assert_eq!(history.pop_undo(None).unwrap().edits, [change_tier(2, 3)]);
    }

    #[wasm_bindgen_test]
    fn a_restart_leaves_nothing_to_undo() {
        let restart = Some(FieldChange { from: Status::Failed, to: Status::Provisioning });
        let restart = edit(WorkspaceDiff { restart, ..WorkspaceDiff::default() });
        assert_eq!(History::default().record(&[restart], Origin::Command), None);
    }
}
