//! What can be looked for, and how many there are of each: teams, models, skills. Never the choice.

use std::collections::HashMap;

use orrery_model::Canvas;

use super::filter::{model_of, skills_of};
use crate::store::CanvasStore;

/// A value, how it is called, and how many workspaces it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub words: String,
    pub count: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facets {
    pub teams: Vec<Choice>,
    pub models: Vec<Choice>,
    pub skills: Vec<Choice>,
}

/// A longer list is no choice: what is rare is found by its letters.
const MOST: usize = 100;

impl Facets {
    pub fn of(store: &CanvasStore) -> Self {
        let canvas = store.canvas();
        let (mut models, mut skills) = (HashMap::new(), HashMap::new());
        for (_, it) in canvas.iter() {
            if let Some(model) = model_of(it) {
                *models.entry(model).or_insert(0) += 1;
            }
            for skill in it.agent_card.iter().flat_map(skills_of) {
                *skills.entry(skill).or_insert(0) += 1;
            }
        }
        Self { teams: teams(canvas), models: sorted(models, str::to_owned), skills: sorted(skills, plain) }
    }
}

/// The largest first.
fn teams(canvas: &Canvas) -> Vec<Choice> {
    let mut sizes: HashMap<_, usize> = HashMap::new();
    for (slot, _) in canvas.iter() {
        for up in std::iter::successors(canvas.parent(slot), |up| canvas.parent(*up)) {
            *sizes.entry(up).or_insert(0) += 1;
        }
    }
    let named = sizes.into_iter().filter_map(|(slot, inside)| {
        let it = canvas.get(slot)?;
        let words = it.display_name().to_owned();
        Some(Choice { value: it.id.to_string(), words, count: inside + 1 })
    });
    first(named.collect())
}

fn sorted(counts: HashMap<&str, usize>, read: fn(&str) -> String) -> Vec<Choice> {
    let choice = |(text, count): (&str, usize)| Choice { value: read(text), words: read(text), count };
    first(counts.into_iter().map(choice).collect())
}

fn first(mut all: Vec<Choice>) -> Vec<Choice> {
    all.sort_unstable_by(|one, other| (other.count, &one.words).cmp(&(one.count, &other.words)));
    all.truncate(MOST);
    all
}

/// A skill stands in its card as JSON writes it.
fn plain(quoted: &str) -> String {
    serde_json::from_str(&format!("\"{quoted}\"")).unwrap_or_else(|_| quoted.to_owned())
}
