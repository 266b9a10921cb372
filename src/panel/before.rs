//! The line on a failed or degraded card that says what came before: in words as soon as the log was asked. One question
//! after the other, and for each problem once. Never what the panel says of it (`cause`).

use std::collections::HashMap;
use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::{Status, Workspace, WorkspaceId};
use wasm_bindgen::JsCast;
use web_sys::Element;

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
    /// Empty when there are none.
    Words(String),
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
                    Some(Answer::Words(words)) => write(&key.0, words),
                    Some(Answer::Awaited) => unknown.push(key),
                    None => {
                        is_news = true;
                        known.insert(key, Answer::Awaited);
                    }
                }
            }
            if known.len() > MOST {
                known.clear();
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
            api.load_events(&key.0).await.ok().and_then(|answer| nearest(answer, self.directory)).unwrap_or_default();
        write(&key.0, &words);
        self.known.update_value(|known| drop(known.insert(key, Answer::Words(words))));
    }
}

fn problem(it: &NodeHandle) -> Option<(WorkspaceId, i64)> {
    let is_problem = |it: &Workspace| matches!(it.status, Status::Failed | Status::Degraded);
    it.workspace.with_untracked(|it| is_problem(it).then(|| (it.id.clone(), it.status_since.millis())))
}

/// Past the card's own effect: what came before is nobody's change.
fn write(id: &WorkspaceId, words: &str) {
    let selector = format!(".canvas [data-workspace-id='{id}'] .cause-line");
    let found = document().query_selector(&selector).ok().flatten();
    let Some(line) = found.and_then(|it| it.dyn_into::<Element>().ok()).filter(|_| !words.is_empty()) else { return };
    let full = format!("Before: {words}");
    if line.text_content().as_deref() != Some(full.as_str()) {
        line.set_text_content(Some(&full));
        // An element that is in the page takes an attribute.
        let _ = line.set_attribute("data-full", &full);
    }
}
