//! From what is looked for to who is dimmed: once a change. Never the question itself (`filter`).

use leptos::prelude::*;

use crate::canvas::Stage;
use crate::live::Live;
use crate::session::Session;

/// How many pass, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Passed {
    pub passed: usize,
    pub all: usize,
}

/// Sifts when the filter changes; the fold follows by itself.
pub(super) fn sift() -> Memo<Passed> {
    let (session, stage, live) = (expect_context::<Session>(), expect_context::<Stage>(), expect_context::<Live>());
    let sifted = RwSignal::new(0u32);
    Effect::new(move |_| {
        let question = session.filter.with(|filter| filter.question());
        if question.is_some() || stage.fleet.with_value(|fleet| !fleet.sieve.is_open()) {
            stage.sift(question);
            sifted.update(|times| *times += 1);
        }
    });
    Memo::new(move |_| {
        sifted.track();
        let all = live.count.get();
        if stage.fleet.with_value(|fleet| fleet.sieve.is_open()) {
            return Passed { passed: all, all };
        }
        stage.folds.track();
        stage.fleet.with_value(|fleet| Passed { passed: all - fleet.sieve.held_back().min(all), all })
    })
}
