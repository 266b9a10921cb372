//! Facets of the filter: the teams, models and skills that exist, with how many workspaces have each.

use std::collections::HashMap;

use orrery_model::Canvas;

use super::CanvasStore;
use super::filter::{model_of, skills_of};

/// A value that can be filtered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    pub value: String,
    /// The value as it is shown.
    pub label: String,
    /// How many workspaces have it.
    pub count: usize,
}

/// The values of each facet, the most frequent first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facets {
    pub teams: Vec<FacetValue>,
    pub models: Vec<FacetValue>,
    pub skills: Vec<FacetValue>,
}

/// How many values a facet lists; rare ones are found by text.
const LIMIT: usize = 100;

impl Facets {
    /// Counts the values of every workspace.
    pub fn of(store: &CanvasStore) -> Self {
        let canvas = store.canvas();
        let (mut models, mut skills) = (HashMap::new(), HashMap::new());
        for (_, workspace) in canvas.iter() {
            if let Some(model) = model_of(workspace) {
                *models.entry(model).or_insert(0) += 1;
            }
            for skill in workspace.agent_card.iter().flat_map(skills_of) {
                *skills.entry(skill).or_insert(0) += 1;
            }
        }
        Self { teams: teams(canvas), models: sorted(models, str::to_owned), skills: sorted(skills, unescape) }
    }
}

/// Returns the teams with the number of workspaces in them, the team itself included.
fn teams(canvas: &Canvas) -> Vec<FacetValue> {
    let mut sizes: HashMap<_, usize> = HashMap::new();
    for (slot, _) in canvas.iter() {
        for team in std::iter::successors(canvas.parent(slot), |team| canvas.parent(*team)) {
            *sizes.entry(team).or_insert(0) += 1;
        }
    }
    let values = sizes.into_iter().filter_map(|(slot, inside)| {
        let team = canvas.get(slot)?;
        let label = team.display_name().to_owned();
        Some(FacetValue { value: team.id.to_string(), label, count: inside + 1 })
    });
    most_frequent(values.collect())
}

fn sorted(counts: HashMap<&str, usize>, read: fn(&str) -> String) -> Vec<FacetValue> {
    let facet_value = |(text, count): (&str, usize)| FacetValue { value: read(text), label: read(text), count };
    most_frequent(counts.into_iter().map(facet_value).collect())
}

fn most_frequent(mut values: Vec<FacetValue>) -> Vec<FacetValue> {
    values.sort_unstable_by(|a, b| (b.count, &a.label).cmp(&(a.count, &b.label)));
    values.truncate(LIMIT);
    values
}

/// Returns the text of a JSON string from between its quotes.
fn unescape(quoted: &str) -> String {
    serde_json::from_str(&format!("\"{quoted}\"")).unwrap_or_else(|_| quoted.to_owned())
}
