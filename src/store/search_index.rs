//! Search index of the filter's text: the searched texts of every workspace in lower case, made in advance and remade for
//! records that have changed. Texts that many share (roles, models, skills) are stored and searched once.

use std::collections::HashMap;

use orrery_model::{Canvas, Slot};
use orrery_protocol::Workspace;

use super::ChangedSlots;
use super::filter::{own_texts, shared_texts};

/// The searched texts of every workspace.
#[derive(Default)]
pub struct SearchIndex {
    /// The own texts of all workspaces, one after the other.
    text: String,
    /// By slot.
    entries: Vec<IndexEntry>,
    shared: Vec<String>,
    shared_by_text: HashMap<String, u32>,
    /// The slots below this are indexed.
    indexed: usize,
    /// How many bytes of `text` no entry refers to any more.
    wasted: usize,
    scratch: String,
}

/// Where the texts of one workspace are.
#[derive(Clone, Copy, Default)]
struct IndexEntry {
    start: u32,
    end: u32,
    shared: u32,
}

/// Separates two texts: no word contains it.
const SEPARATOR: char = '\n';
/// How many bytes may be wasted before everything is indexed anew.
const MAX_WASTE: usize = 1 << 20;

impl SearchIndex {
    /// Indexes the records that have changed.
    pub fn update(&mut self, canvas: &Canvas, changed: ChangedSlots) {
        match changed {
            ChangedSlots::Known(slots) if self.wasted < MAX_WASTE.max(self.text.len() / 2) => {
                let end = self.indexed.min(slots.len());
                for (slot, workspace) in canvas.iter().take_while(|(slot, _)| slot.index() < end) {
                    if slots[slot.index()] {
                        self.index(slot, workspace);
                    }
                }
            }
            _ => *self = Self::default(),
        }
    }

    /// Indexes up to so many further records. Returns whether all are indexed.
    pub fn index_more(&mut self, canvas: &Canvas, limit: usize) -> bool {
        let indexed = self.indexed;
        let mut left = limit;
        for (slot, workspace) in canvas.iter().skip_while(|(slot, _)| slot.index() < indexed) {
            if left == 0 {
                self.reserve(canvas.len());
                return false;
            }
            left -= 1;
            self.index(slot, workspace);
            self.indexed = slot.index() + 1;
        }
        true
    }

    /// Prepares a search for workspaces that contain all of these words.
    pub fn search(&self, words: impl Iterator<Item = String>) -> Search<'_> {
        let in_shared = |word: &Word| self.shared.iter().map(|text| word.is_in(text)).collect();
        let words = words.map(Word::new).map(|word| (in_shared(&word), word));
        Search { search_index: self, words: words.collect() }
    }

    fn own_text(&self, entry: IndexEntry) -> &str {
        self.text.get(entry.start as usize..entry.end as usize).unwrap_or_default()
    }

    fn index(&mut self, slot: Slot, workspace: &Workspace) {
        if self.entries.len() <= slot.index() {
            self.entries.resize(slot.index() + 1, IndexEntry::default());
        }
        self.wasted += self.own_text(self.entries[slot.index()]).len();
        let start = self.text.len() as u32;
        append(&mut self.text, own_texts(workspace));
        let end = self.text.len() as u32;
        self.scratch.clear();
        append(&mut self.scratch, shared_texts(workspace));
        let shared = match self.shared_by_text.get(&self.scratch) {
            Some(shared) => *shared,
            None => {
                let shared = self.shared.len() as u32;
                self.shared.push(self.scratch.clone());
                self.shared_by_text.insert(self.scratch.clone(), shared);
                shared
            }
        };
        self.entries[slot.index()] = IndexEntry { start, end, shared };
    }

    /// Reserves as much text as the records so far suggest: growth by doubling could take twice the memory.
    fn reserve(&mut self, all: usize) {
        let expected = self.text.len() / self.indexed.max(1) * all;
        self.text.reserve_exact(expected.saturating_sub(self.text.len()));
        self.entries.reserve_exact(all.saturating_sub(self.entries.len()));
    }
}

/// Appends the texts in lower case, each with a separator.
fn append<'a>(all: &mut String, texts: impl Iterator<Item = &'a str>) {
    let start = all.len();
    for text in texts {
        match text.is_ascii() {
            true => all.push_str(text),
            false => all.push_str(&text.to_lowercase()),
        }
        all.push(SEPARATOR);
    }
    all[start..].make_ascii_lowercase();
}

/// The words of a search, each with which shared texts contain it.
pub struct Search<'a> {
    search_index: &'a SearchIndex,
    words: Vec<(Vec<bool>, Word)>,
}

impl Search<'_> {
    /// Returns whether a workspace contains every word.
    pub fn finds(&self, slot: Slot) -> bool {
        let Some(entry) = self.search_index.entries.get(slot.index()) else { return false };
        let in_shared = |contains: &[bool]| contains.get(entry.shared as usize) == Some(&true);
        self.words.iter().all(|(contains, word)| in_shared(contains) || word.is_in(self.search_index.own_text(*entry)))
    }
}

/// A word that is searched for in many texts.
struct Word {
    word: String,
    /// The rarest byte of the word and its index: texts are scanned for it alone.
    rare: u8,
    at: usize,
}

/// Characters of names, ids and models, the most frequent first.
const FREQUENT: &str = "-0123456789eatonirsdlcumphgfbyvwkxjqz";

impl Word {
    fn new(word: String) -> Self {
        let frequency = |letter: char| FREQUENT.find(letter).unwrap_or(usize::MAX);
        let rarest = word.char_indices().max_by_key(|(_, letter)| frequency(*letter));
        let at = rarest.map_or(0, |(at, _)| at);
        Self { rare: word.as_bytes().get(at).copied().unwrap_or_default(), word, at }
    }

    /// Returns whether a text, in lower case, contains the word. Texts are short: a plain loop is faster than a searcher that has
    /// to be set up.
    fn is_in(&self, text: &str) -> bool {
        let (text, word) = (text.as_bytes(), self.word.as_bytes());
        let Some(last) = text.len().checked_sub(word.len()) else { return false };
        let places = &text[self.at..(last + self.at + 1).min(text.len())];
        places.iter().enumerate().any(|(start, letter)| *letter == self.rare && text[start..].starts_with(word))
    }
}

#[cfg(test)]
mod tests {
    use orrery_protocol::WorkspaceId;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn row(at: usize, name: &str) -> Workspace {
        let mut workspace = Workspace::new(WorkspaceId::parse(&format!("w{at}")).unwrap());
        workspace.name = name.to_owned();
        workspace.role = Some("Research".to_owned());
        workspace
    }

    fn canvas(names: &[&str]) -> Canvas {
        Canvas::from_rows(names.iter().enumerate().map(|(at, name)| row(at, name)), 1)
    }

    #[wasm_bindgen_test]
    fn finds_a_word_anywhere_in_a_text() {
        for (text, word, expected) in [
            ("worker\ngold", "worker", true),
            ("worker\ngold", "rold", false),
            ("aab", "ab", true),
            ("zz top", "zt", false),
            ("märkte\n", "ärkt", true),
            ("ä", "ä", true),
            ("short", "shorter", false),
            ("xword", "wordy", false),
            ("", "a", false),
        ] {
            assert_eq!(Word::new(word.to_owned()).is_in(text), expected, "{word:?} in {text:?}");
        }
    }

    #[wasm_bindgen_test]
    fn indexes_in_steps_and_reindexes_changed_records() {
        let before = canvas(&["Ada", "Bo", "Cy"]);
        let slots: Vec<Slot> = before.iter().map(|(slot, _)| slot).collect();
        let mut search_index = SearchIndex::default();
        let found = |search_index: &SearchIndex, words: &str| {
            let search = search_index.search(words.split(' ').map(str::to_owned));
            slots.iter().map(|slot| search.finds(*slot)).collect::<Vec<_>>()
        };
        search_index.update(&before, ChangedSlots::Any);
        assert!(!search_index.index_more(&before, 2));
        assert_eq!(found(&search_index, "research"), [true, true, false]);
        assert!(search_index.index_more(&before, 2));
        assert_eq!(found(&search_index, "cy research w2"), [false, false, true]);
        let after = canvas(&["Ada", "Bea Große", "Cyd"]);
        search_index.update(&after, ChangedSlots::Known(vec![false, true]));
        assert_eq!(found(&search_index, "große"), [false, true, false]);
        assert_eq!(found(&search_index, "bo"), [false, false, false]);
        assert_eq!(found(&search_index, "cyd"), [false, false, false], "its change was not reported");
        assert_eq!(search_index.shared, ["research\n"]);
        search_index.update(&after, ChangedSlots::Any);
        assert_eq!(found(&search_index, "w"), [false, false, false]);
    }
}
