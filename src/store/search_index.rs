//! What the words of a filter are looked for in, of the whole fleet, in small letters: made before anyone looks, and made
//! again of those that changed. What many say alike (roles, models, skills) is kept once, and asked once. Never what is
//! looked for.

use std::collections::HashMap;

use orrery_model::{Canvas, Slot};
use orrery_protocol::Workspace;

use super::filter::{alike, own};
use crate::store::Changed;

#[derive(Default)]
pub struct SearchIndex {
    /// What is each one's own, one after the other.
    text: String,
    /// By slot.
    parts: Vec<Part>,
    alike: Vec<String>,
    alike_by_text: HashMap<String, u32>,
    /// The slots below this are made.
    made: usize,
    /// Text that is nobody's any more, in bytes.
    wasted: usize,
    scratch: String,
}

#[derive(Clone, Copy, Default)]
struct Part {
    start: u32,
    end: u32,
    alike: u32,
}

/// Between two things that are said: no word has it.
const BETWEEN: char = '\n';
/// So much may be nobody's before all is made anew.
const WASTE: usize = 1 << 20;

impl SearchIndex {
    /// Those who changed are made again.
    pub fn follow(&mut self, canvas: &Canvas, changed: Changed) {
        match changed {
            Changed::Slots(slots) if self.wasted < WASTE.max(self.text.len() / 2) => {
                let end = self.made.min(slots.len());
                for (slot, it) in canvas.iter().take_while(|(slot, _)| slot.index() < end) {
                    if slots[slot.index()] {
                        self.make(slot, it);
                    }
                }
            }
            _ => *self = Self::default(),
        }
    }

    /// Makes so many more. True: all are made.
    pub fn go_on(&mut self, canvas: &Canvas, most: usize) -> bool {
        let made = self.made;
        let mut left = most;
        for (slot, it) in canvas.iter().skip_while(|(slot, _)| slot.index() < made) {
            if left == 0 {
                self.make_room(canvas.len());
                return false;
            }
            left -= 1;
            self.make(slot, it);
            self.made = slot.index() + 1;
        }
        true
    }

    pub fn search(&self, words: impl Iterator<Item = String>) -> Search<'_> {
        let in_alike = |word: &Word| self.alike.iter().map(|text| word.is_in(text)).collect();
        let words = words.map(Word::new).map(|word| (in_alike(&word), word));
        Search { search_index: self, words: words.collect() }
    }

    fn own(&self, part: Part) -> &str {
        self.text.get(part.start as usize..part.end as usize).unwrap_or_default()
    }

    fn make(&mut self, slot: Slot, it: &Workspace) {
        if self.parts.len() <= slot.index() {
            self.parts.resize(slot.index() + 1, Part::default());
        }
        self.wasted += self.own(self.parts[slot.index()]).len();
        let start = self.text.len() as u32;
        append(&mut self.text, own(it));
        let end = self.text.len() as u32;
        self.scratch.clear();
        append(&mut self.scratch, alike(it));
        let alike = match self.alike_by_text.get(&self.scratch) {
            Some(alike) => *alike,
            None => {
                let alike = self.alike.len() as u32;
                self.alike.push(self.scratch.clone());
                self.alike_by_text.insert(self.scratch.clone(), alike);
                alike
            }
        };
        self.parts[slot.index()] = Part { start, end, alike };
    }

    /// As the first ones are, so are the others: a text that grows by doubling would hold twice the memory.
    fn make_room(&mut self, all: usize) {
        let room = self.text.len() / self.made.max(1) * all;
        self.text.reserve_exact(room.saturating_sub(self.text.len()));
        self.parts.reserve_exact(all.saturating_sub(self.parts.len()));
    }
}

fn append<'a>(all: &mut String, texts: impl Iterator<Item = &'a str>) {
    let start = all.len();
    for text in texts {
        match text.is_ascii() {
            true => all.push_str(text),
            false => all.push_str(&text.to_lowercase()),
        }
        all.push(BETWEEN);
    }
    all[start..].make_ascii_lowercase();
}

/// Words to be found, each somewhere, and for each what is known already: by what many say alike.
pub struct Search<'a> {
    search_index: &'a SearchIndex,
    words: Vec<(Vec<bool>, Word)>,
}

impl Search<'_> {
    pub fn finds(&self, slot: Slot) -> bool {
        let Some(part) = self.search_index.parts.get(slot.index()) else { return false };
        let is_alike = |known: &[bool]| known.get(part.alike as usize) == Some(&true);
        self.words.iter().all(|(known, word)| is_alike(known) || word.is_in(self.search_index.own(*part)))
    }
}

/// A word that is looked for in many texts.
struct Word {
    word: String,
    /// The letter that is seldom met, and where it stands: texts are searched for it alone.
    rare: u8,
    at: usize,
}

/// From the most frequent to the least, of names, ids and models together.
const FREQUENT: &str = "-0123456789eatonirsdlcumphgfbyvwkxjqz";

impl Word {
    fn new(word: String) -> Self {
        let frequency = |letter: char| FREQUENT.find(letter).unwrap_or(usize::MAX);
        let rarest = word.char_indices().max_by_key(|(_, letter)| frequency(*letter));
        let at = rarest.map_or(0, |(at, _)| at);
        Self { rare: word.as_bytes().get(at).copied().unwrap_or_default(), word, at }
    }

    /// `text` is in small letters. Texts are short: a loop is quicker than what has to be set up.
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
        let mut it = Workspace::new(WorkspaceId::parse(&format!("w{at}")).unwrap());
        it.name = name.to_owned();
        it.role = Some("Research".to_owned());
        it
    }

    fn canvas(names: &[&str]) -> Canvas {
        Canvas::from_rows(names.iter().enumerate().map(|(at, name)| row(at, name)), 1)
    }

    #[wasm_bindgen_test]
    fn a_word_is_found_wherever_it_stands() {
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
    fn it_is_made_in_pieces_and_again_of_those_that_changed() {
        let before = canvas(&["Ada", "Bo", "Cy"]);
        let slots: Vec<Slot> = before.iter().map(|(slot, _)| slot).collect();
        let mut search_index = SearchIndex::default();
        let found = |search_index: &SearchIndex, words: &str| {
            let search = search_index.search(words.split(' ').map(str::to_owned));
            slots.iter().map(|slot| search.finds(*slot)).collect::<Vec<_>>()
        };
        search_index.follow(&before, Changed::Unknown);
        assert!(!search_index.go_on(&before, 2));
        assert_eq!(found(&search_index, "research"), [true, true, false]);
        assert!(search_index.go_on(&before, 2));
        assert_eq!(found(&search_index, "cy research w2"), [false, false, true]);
        let after = canvas(&["Ada", "Bea Große", "Cyd"]);
        search_index.follow(&after, Changed::Slots(vec![false, true]));
        assert_eq!(found(&search_index, "große"), [false, true, false]);
        assert_eq!(found(&search_index, "bo"), [false, false, false]);
        assert_eq!(found(&search_index, "cyd"), [false, false, false], "nobody said that it changed");
        assert_eq!(search_index.alike, ["research\n"]);
        search_index.follow(&after, Changed::Unknown);
        assert_eq!(found(&search_index, "w"), [false, false, false]);
    }
}
