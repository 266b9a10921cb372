//! The hint on the cards of failed and degraded workspaces: the event that preceded the problem. The log is requested once
//! for each problem, one request after the other.

use std::collections::HashMap;
use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::{Status, WorkspaceId};

use super::causes::preceding_events;
use super::events::event_rows;
use crate::canvas::{CanvasController, LevelOfDetail};
use crate::commands::Commands;
use crate::store::{Directory, NodeHandle, StoreSignals};

/// A workspace, and since when it has its problem, in milliseconds since 1970.
type Problem = (WorkspaceId, i64);

enum Hint {
    /// Seen once. A problem that is gone at the next check is not loaded.
    Pending,
    Loaded,
}

#[derive(Clone, Copy)]
pub struct CauseHints {
    signals: StoreSignals,
    controller: CanvasController,
    commands: Commands,
    directory: Directory,
    hints: StoredValue<HashMap<Problem, Hint>>,
    is_scheduled: StoredValue<bool>,
    is_loading: StoredValue<bool>,
}

/// Changes within this interval cause one check.
const CHECK_INTERVAL: Duration = Duration::from_millis(400);
const CAPACITY: usize = 2_000;

impl CauseHints {
    /// Keeps the hints of rendered cards up to date for as long as the page exists.
    pub fn install() {
        let hints = Self {
            signals: expect_context::<StoreSignals>(),
            controller: expect_context::<CanvasController>(),
            commands: expect_context::<Commands>(),
            directory: expect_context::<Directory>(),
            hints: StoredValue::new(HashMap::new()),
            is_scheduled: StoredValue::new(false),
            is_loading: StoredValue::new(false),
        };
        Effect::new(move |_| {
            hints.signals.rendered.track();
            hints.controller.frame_revision().track();
            hints.schedule_check();
        });
    }

    fn schedule_check(self) {
        if !self.is_scheduled.get_value() {
            self.is_scheduled.set_value(true);
            set_timeout(move || self.check(), CHECK_INTERVAL);
        }
    }

    fn check(self) {
        self.is_scheduled.set_value(false);
        // At other levels of detail, cards have no hint.
        if self.controller.level_of_detail().get_untracked() != LevelOfDetail::Near {
            return;
        }
        let problems = self.signals.rendered.with_untracked(|all| all.iter().filter_map(problem).collect::<Vec<_>>());
        let (mut to_load, mut has_new) = (Vec::new(), false);
        self.hints.update_value(|hints| {
            for problem in problems {
                match hints.get(&problem) {
                    Some(Hint::Loaded) => {}
                    Some(Hint::Pending) => to_load.push(problem),
                    None => {
                        has_new = true;
                        hints.insert(problem, Hint::Pending);
                    }
                }
            }
            if hints.len() > CAPACITY {
                hints.clear();
                self.controller.annotations.clear_causes();
            }
        });
        if has_new {
            self.schedule_check();
        }
        if !to_load.is_empty() && !self.is_loading.get_value() {
            self.is_loading.set_value(true);
            spawn_local(async move {
                for problem in to_load {
                    self.load(problem).await;
                }
                self.is_loading.set_value(false);
            });
        }
    }

    async fn load(&self, problem: Problem) {
        let Ok(api) = self.commands.ready() else { return };
        // A failed request is not repeated here: the panel loads the events when the card is opened.
        let events =
            api.load_events(&problem.0).await.map(|answer| event_rows(answer, self.directory)).unwrap_or_default();
        let hint = preceding_events(&events).into_iter().next().map(|row| row.title).unwrap_or_default();
        self.hints.update_value(|hints| {
            hints.insert(problem.clone(), Hint::Loaded);
        });
        if !hint.is_empty() {
            self.controller.annotations.set_cause(problem.0, problem.1, hint);
        }
    }
}

fn problem(node: &NodeHandle) -> Option<Problem> {
    node.health.with_untracked(|health| {
        let has_problem = matches!(health.status, Status::Failed | Status::Degraded);
        has_problem.then(|| (node.id.clone(), health.status_since.millis()))
    })
}
