//! What became worse and what became well between two looks, in a sentence. Pure. Never a signal, never a time.

use std::collections::HashMap;

use orrery_model::Canvas;
use orrery_protocol::{Status, WorkspaceId};

/// Those that are not well, and how they stand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing(HashMap<WorkspaceId, (String, Status)>);

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Digest {
    /// What needs a person first.
    pub worse: Vec<(WorkspaceId, String, Status)>,
    pub well: Vec<String>,
}

/// What is told of, the worst first.
const TOLD: [Status; 3] = [Status::Failed, Status::Degraded, Status::Offline];
/// More names would be a list, not a sentence.
const NAMES: usize = 3;

impl Standing {
    pub fn of(canvas: &Canvas) -> Self {
        let mut standing = HashMap::new();
        for (_, it) in canvas.iter() {
            if TOLD.contains(&it.status) {
                let name = if it.name.is_empty() { it.id.to_string() } else { it.name.clone() };
                standing.insert(it.id.clone(), (name, it.status.clone()));
            }
        }
        Self(standing)
    }

    /// What is removed is neither worse nor well.
    pub fn since(&self, before: &Self, canvas: &Canvas) -> Digest {
        let mut digest = Digest::default();
        for (id, (name, status)) in &self.0 {
            if before.0.get(id).is_none_or(|(_, before)| before != status) {
                digest.worse.push((id.clone(), name.clone(), status.clone()));
            }
        }
        for (id, (name, _)) in &before.0 {
            let is_well = |it: &Status| *it == Status::Online;
            if !self.0.contains_key(id) && canvas.workspace(id).is_some_and(|it| is_well(&it.status)) {
                digest.well.push(name.clone());
            }
        }
        let rank = |status: &Status| TOLD.iter().position(|told| told == status);
        digest.worse.sort_unstable_by(|a, b| (rank(&a.2), &a.1).cmp(&(rank(&b.2), &b.1)));
        digest.well.sort_unstable();
        digest
    }
}

impl Digest {
    /// Failed and degraded alone: what is worth calling somebody for.
    pub fn problems(self) -> Self {
        let worse = self.worse.into_iter().filter(|(_, _, status)| *status != Status::Offline).collect();
        Self { worse, well: Vec::new() }
    }

    pub fn words(&self) -> Option<String> {
        let mut sentences = Vec::new();
        for status in TOLD {
            let names = self.worse.iter().filter(|it| it.2 == status).map(|it| it.1.as_str());
            sentences.extend(sentence(&names.collect::<Vec<_>>(), status.as_str()));
        }
        sentences.extend(sentence(&self.well.iter().map(String::as_str).collect::<Vec<_>>(), "well again"));
        (!sentences.is_empty()).then(|| sentences.join(". "))
    }
}

fn sentence(names: &[&str], what: &str) -> Option<String> {
    match names {
        [] => None,
        [one] => Some(format!("{one} is {what}").replace(" is failed", " failed")),
        many => {
            let named = many[..many.len().min(NAMES)].join(", ");
            let more = many.len().saturating_sub(NAMES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            Some(format!("{} {what}: {named}{more}", many.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use orrery_protocol::Workspace;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn canvas(rows: &[(&str, Status)]) -> Canvas {
        let row = |(id, status): &(&str, Status)| {
            let mut it = Workspace::new(WorkspaceId::parse(id).unwrap());
            it.name = id.to_uppercase();
            it.status = status.clone();
            it
        };
        Canvas::from_rows(rows.iter().map(row), 0)
    }

    fn words(before: &[(&str, Status)], now: &[(&str, Status)]) -> Option<String> {
        let now = canvas(now);
        Standing::of(&now).since(&Standing::of(&canvas(before)), &now).words()
    }

    #[wasm_bindgen_test]
    fn one_is_named_and_many_are_counted() {
        use Status::{Degraded, Failed, Offline, Online};
        assert_eq!(words(&[("a", Failed)], &[("a", Failed)]), None);
        assert_eq!(words(&[("a", Online)], &[("a", Failed)]).unwrap(), "A failed");
        assert_eq!(words(&[], &[("a", Offline)]).unwrap(), "A is offline");
        let all = ["a", "b", "c", "d", "e"].map(|id| (id, Failed));
        assert_eq!(words(&[], &all).unwrap(), "5 failed: A, B, C and 2 more");
        let mixed = words(&[("a", Failed), ("b", Offline)], &[("a", Degraded), ("b", Online)]).unwrap();
        assert_eq!(mixed, "A is degraded. B is well again");
        assert_eq!(words(&[("a", Failed)], &[]), None, "what is removed is not well");
    }
}
