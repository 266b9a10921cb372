//! Summaries of what led to the problems of the rendered cards, read from the log one after the other, and once for each
//! problem.

use std::collections::HashMap;
use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::{Status, Workspace, WorkspaceId};

use super::cause::nearest;
use crate::canvas::{CanvasController, Detail};
use crate::commands::Commands;
use crate::store::Directory;
use crate::store::{NodeHandle, StoreSignals};

/// Of each problem, by whose it is and since when.
type LoadedState = HashMap<(WorkspaceId, i64), Answer>;

enum Answer {
    /// It was there at the last look. What is over by the next one is not asked about.
    Awaited,
    /// It was asked about, and the cards have the answer.
    Known,
}

#[derive(Clone, Copy)]
pub struct Before {
    signals: StoreSignals,
    controller: CanvasController,
    commands: Commands,
    directory: Directory,
    known: StoredValue<LoadedState>,
    is_waiting: StoredValue<bool>,
    is_asking: StoredValue<bool>,
}

/// A burst of problems is one look.
const PUBLISH_INTERVAL: Duration = Duration::from_millis(400);
/// The words of so many are kept.
const MOST: usize = 2_000;

impl Before {
    /// As long as the page is there.
    pub fn begin() {
        let it = Self {
            signals: expect_context::<StoreSignals>(),
            controller: expect_context::<CanvasController>(),
            commands: expect_context::<Commands>(),
            directory: expect_context::<Directory>(),
            known: StoredValue::new(LoadedState::new()),
            is_waiting: StoredValue::new(false),
            is_asking: StoredValue::new(false),
        };
        Effect::new(move |_| {
            it.signals.rendered.track();
            it.controller.folds.track();
            it.look_soon();
        });
    }

    fn look_soon(self) {
        if !self.is_waiting.get_value() {
            self.is_waiting.set_value(true);
            set_timeout(move || self.look(), PUBLISH_INTERVAL);
        }
    }

    fn look(self) {
        self.is_waiting.set_value(false);
        // From farther away no card shows it.
        if self.controller.detail.get_untracked() != Detail::Near {
            return;
        }
        let problems = self.signals.rendered.with_untracked(|all| all.iter().filter_map(problem).collect::<Vec<_>>());
        let (mut unknown, mut is_news) = (Vec::new(), false);
        self.known.update_value(|known| {
            for key in problems {
                match known.get(&key) {
                    Some(Answer::Known) => {}
                    Some(Answer::Awaited) => unknown.push(key),
                    None => {
                        is_news = true;
                        known.insert(key, Answer::Awaited);
                    }
                }
            }
            if known.len() > MOST {
                known.clear();
                self.controller.annotations.clear_causes();
            }
        });
        if is_news {
            self.look_soon();
        }
        if !unknown.is_empty() && !self.is_asking.get_value() {
            self.is_asking.set_value(true);
            spawn_local(async move {
                for key in unknown {
                    self.ask(key).await;
                }
                self.is_asking.set_value(false);
            });
        }
    }

    async fn ask(&self, key: (WorkspaceId, i64)) {
        let Some(api) = untrack(|| self.commands.api()) else { return };
        // A log that cannot be asked now is asked when the card is opened, and not again and again before.
        let words =
            api.events(&key.0).await.ok().and_then(|answer| nearest(answer, self.directory)).unwrap_or_default();
        self.known.update_value(|known| drop(known.insert(key.clone(), Answer::Known)));
        if !words.is_empty() {
            self.controller.annotations.set_cause(key.0, key.1, words);
        }
    }
}

fn problem(it: &NodeHandle) -> Option<(WorkspaceId, i64)> {
    let is_problem = |it: &Workspace| matches!(it.status, Status::Failed | Status::Degraded);
    it.workspace.with_untracked(|it| is_problem(it).then(|| (it.id.clone(), it.status_since.millis())))
}
