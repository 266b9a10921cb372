//! What became worse and what became well between two looks, in a sentence. Pure. Never a signal, never a time.

use std::collections::HashMap;

use orrery_model::{Canvas, Slot};
use orrery_protocol::{Status, WorkspaceId};

use crate::store::OverviewStatus;

/// Those that are not well, and how they stand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing(HashMap<WorkspaceId, OverviewStatus>);

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Digest {
    /// What needs a person first.
    pub worse: Vec<(WorkspaceId, String, OverviewStatus)>,
    pub well: Vec<String>,
}

/// What is told of, the worst first.
const TOLD: [(OverviewStatus, &str); 3] =
    [(OverviewStatus::Failed, "failed"), (OverviewStatus::Degraded, "degraded"), (OverviewStatus::Offline, "offline")];
/// More names would be a list, not a sentence.
const NAMES: usize = 3;

impl Standing {
    pub fn of(canvas: &Canvas, tone: impl Fn(Slot) -> OverviewStatus) -> Self {
        let toned = canvas.iter().map(|(slot, it)| (tone(slot), it)).filter(|(tone, _)| rank(*tone).is_some());
        Self(toned.map(|(tone, it)| (it.id.clone(), tone)).collect())
    }

    /// What is removed is neither worse nor well.
    pub fn since(&self, before: &Self, canvas: &Canvas) -> Digest {
        let named = |id: &WorkspaceId| {
            let name = &canvas.workspace(id)?.name;
            Some(if name.is_empty() { id.to_string() } else { name.clone() })
        };
        let mut digest = Digest::default();
        for (id, tone) in &self.0 {
            if before.0.get(id) != Some(tone)
                && let Some(name) = named(id)
            {
                digest.worse.push((id.clone(), name, *tone));
            }
        }
        for id in before.0.keys().filter(|id| !self.0.contains_key(*id)) {
            let is_well = canvas.workspace(id).is_some_and(|it| it.status == Status::Online);
            digest.well.extend(named(id).filter(|_| is_well));
        }
        digest.worse.sort_unstable_by(|a, b| (rank(a.2), &a.1).cmp(&(rank(b.2), &b.1)));
        digest.well.sort_unstable();
        digest
    }
}

fn rank(tone: OverviewStatus) -> Option<usize> {
    TOLD.iter().position(|(told, _)| *told == tone)
}

impl Digest {
    /// Failed and degraded alone: what is worth calling somebody for.
    pub fn problems(self) -> Self {
        Self { worse: self.worse.into_iter().filter(|it| it.2.is_problem()).collect(), well: Vec::new() }
    }

    pub fn words(&self) -> Option<String> {
        let mut sentences = Vec::new();
        for (tone, word) in TOLD {
            let names = self.worse.iter().filter(|it| it.2 == tone).map(|it| it.1.as_str());
            sentences.extend(sentence(&names.collect::<Vec<_>>(), word));
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
        let (before, now) = (canvas(before), canvas(now));
        let of = |canvas: &Canvas| Standing::of(canvas, |slot| OverviewStatus::from(&canvas.get(slot).unwrap().status));
        of(&now).since(&of(&before), &now).words()
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
