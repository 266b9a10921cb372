//! One that runs or ran as it is looked at: its record live, what only the server can tell, which step is chosen, what was asked.
//! Never markup.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::{Execution, RunStatus, Step, StepId};
use serde_json::Value;

use super::attempts::{self, Attempt};
use super::ledger::Ledger;
use super::looks;
use crate::api::ApiError;
use crate::commands::Commands;
use crate::session::RunRef;

#[derive(Clone, Copy)]
pub(super) struct Watched {
    pub told: RwSignal<Told>,
    pub of: StoredValue<RunRef>,
    ledger: Ledger,
    commands: Commands,
    requests: StoredValue<u64>,
}

/// What the events leave out.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Told {
    /// As the server answered, with what the steps put out.
    pub record: Option<Execution>,
    pub attempts: Vec<Attempt>,
    /// What a person is asked to approve.
    pub titles: Vec<(StepId, String)>,
    pub problem: Option<String>,
    /// Another program reports it: this server knows of no such run.
    pub is_elsewhere: bool,
    /// What the person chose to look at and asked for, in this tab.
    pub chosen: Option<StepId>,
    pub asked: Asked,
    pub refused: Option<String>,
}

/// What the person asked for and the events have not shown yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Asked {
    #[default]
    Nothing,
    Cancel,
    Decide {
        step: StepId,
        approved: bool,
    },
}

/// A burst of events is one request.
const PUBLISH_INTERVAL: Duration = Duration::from_millis(300);

impl Watched {
    pub(super) fn new(of: RunRef) -> Self {
        let (ledger, commands) = (expect_context::<Ledger>(), expect_context::<Commands>());
        let (told, requests) = (RwSignal::new(Told::default()), StoredValue::new(0));
        let watched = Self { told, of: StoredValue::new(of), ledger, commands, requests };
        let seen = StoredValue::new(None::<Execution>);
        let is_waiting = StoredValue::new(false);
        Effect::new(move |_| {
            let known = watched.of.with_value(|of| ledger.record(of));
            let is_ready = commands.api().is_some();
            let is_first = requests.get_value() == 0;
            // Others' events wake this too.
            let is_same = seen.with_value(|seen| *seen == known);
            seen.set_value(known);
            if is_first && is_ready {
                watched.fetch();
            } else if !is_same && !is_waiting.get_value() {
                is_waiting.set_value(true);
                let again = move || {
                    if is_waiting.try_update_value(|waiting| *waiting = false).is_some() {
                        watched.fetch();
                    }
                };
                set_timeout(again, PUBLISH_INTERVAL);
            }
        });
        watched
    }

    /// As the events say; one that is no longer kept here, as the server answered. Tracks.
    pub(super) fn execution(&self) -> Option<Execution> {
        let known = self.of.with_value(|of| self.ledger.record(of));
        let told = self.told.with(|told| told.record.clone());
        match (known, told) {
            (Some(known), Some(told)) if self.of.with_value(|of| matches!(of, RunRef::Run(_))) => {
                Some(looks::with_steps(told, known))
            }
            (known, told) => known.or(told),
        }
    }

    /// Where no steps tell how far it is. Tracks.
    pub(super) fn said(&self) -> Option<String> {
        self.of.with_value(|of| self.ledger.said(of))
    }

    pub(super) fn choose(&self, step: StepId) {
        self.told.update(|told| told.chosen = Some(step));
    }

    /// Reads what the events leave out; a late answer never overtakes a newer one.
    pub(super) fn fetch(&self) {
        let Some(api) = untrack(|| self.commands.api()) else { return };
        let (of, told, requests) = (self.of.get_value(), self.told, self.requests);
        requests.update_value(|count| *count += 1);
        let mine = requests.get_value();
        spawn_local(async move {
            let record = api.load_run(&of).await;
            let timeline = api.load_timeline(&of).await.unwrap_or_default();
            if requests.try_get_value() != Some(mine) {
                return;
            }
            told.try_update(|told| match record {
                Ok(record) => {
                    let titles = match of {
                        RunRef::Execution(_) => titles(&timeline),
                        RunRef::Run(_) => titles_of_a_task(&record),
                    };
                    (told.attempts, told.titles) = (attempts::read(&timeline), titles);
                    (told.record, told.problem) = (Some(record), None);
                }
                Err(error) => {
                    told.is_elsewhere = matches!(error, ApiError::Refused { status: 404, .. });
                    told.problem = Some(error.to_string());
                }
            });
        });
    }

    /// Once: whoever asked waits for the answer. What was accepted stands as asked until the events show it.
    pub(super) fn ask(&self, asked: Asked) {
        if self.told.with_untracked(|told| told.asked != Asked::Nothing) {
            return;
        }
        let (watched, of) = (*self, self.of.get_value());
        self.told.update(|told| (told.asked, told.refused) = (asked.clone(), None));
        spawn_local(async move {
            let word = match &asked {
                Asked::Nothing => return,
                Asked::Cancel => "cancelled",
                Asked::Decide { approved: true, .. } => "approved",
                Asked::Decide { approved: false, .. } => "rejected",
            };
            let answer = match (watched.commands.ready(), &asked) {
                (Err(error), _) => Err(error),
                (Ok(api), Asked::Decide { step, approved }) => api.resolve_approval(&of, step, *approved).await,
                (Ok(api), _) => api.cancel_run(&of).await,
            };
            let refused = answer.err().map(|error| format!("It was not {word}: {error}"));
            let told = watched.told.try_update(|told| {
                if refused.is_some() {
                    told.asked = Asked::Nothing;
                }
                told.refused = refused;
            });
            if told.is_some() {
                watched.fetch();
            }
        });
    }

    /// The answer to what was asked has come by an event: something else may be asked.
    pub(super) fn settle(&self, it: &Execution) {
        let is_over = self.told.with_untracked(|told| match &told.asked {
            Asked::Nothing => false,
            Asked::Cancel => it.status.is_terminal(),
            Asked::Decide { step, .. } => {
                !it.steps.iter().any(|one| one.step_id == *step && one.status == RunStatus::WaitingApproval)
            }
        });
        if is_over {
            self.told.update(|told| told.asked = Asked::Nothing);
        }
    }
}

/// What a person wants to see first: what failed, what waits for them, what runs, what came last.
pub(super) fn telling(it: &Execution) -> Option<StepId> {
    let rank = |step: &Step| match step.status {
        RunStatus::Failed => 0,
        RunStatus::WaitingApproval => 1,
        RunStatus::Retrying => 2,
        RunStatus::Running => 3,
        RunStatus::Completed => 4,
        _ => 5,
    };
    // What failed first is the cause, and what runs longest stays in view; of what is done, the last.
    let age = |step: &Step| match step.status {
        RunStatus::Completed => -step.completed_at.map_or(0, |at| at.millis()),
        _ => step.completed_at.or(step.started_at).map_or(0, |at| at.millis()),
    };
    it.steps.iter().min_by_key(|step| (rank(step), age(step))).map(|step| step.step_id.clone())
}

fn titles(timeline: &Value) -> Vec<(StepId, String)> {
    let events = timeline.get("events").and_then(Value::as_array);
    let title = |event: &Value| {
        let is_question = event.get("event_type")?.as_str()? == "approval_required";
        let step = event.get("workflow_step_id")?.as_str()?.parse().ok()?;
        let title = event.get("data")?.get("title")?.as_str()?;
        is_question.then(|| (step, title.to_owned()))
    };
    events.into_iter().flatten().filter_map(title).collect()
}

/// Whoever approves a run approves its task.
fn titles_of_a_task(it: &Execution) -> Vec<(StepId, String)> {
    let title = it.workflow_name.clone().unwrap_or_default();
    it.steps.iter().map(|step| (step.step_id.clone(), title.clone())).collect()
}
