//! What the card of a workspace shows of the steps that run on it. It follows from the set of running steps, never from a
//! counter that was read earlier.

use std::collections::{BTreeSet, HashSet};

use orrery_model::Canvas;
use orrery_protocol::{Event, RunStatus, WorkspaceChange, WorkspaceEvent, WorkspaceId};

use super::around::{Around, Moved, shown};
use super::definition::Work;
use super::execution::{Effect, Execution, Job, Stage, Subject};
use crate::app::App;
use crate::error::Refusal;
use crate::publish::State;

/// Stands for running work of which only another execution knows the text.
const OTHER_TASK: &str = "Another task";

/// The ids of executions and runs of tasks that this log's servers run. Others' may never end, and do not count.
pub(super) type Ours = HashSet<String>;

/// Returns which other executions and runs of ours may work on the workspaces that this move touches.
pub(super) async fn find_ours(app: &App, moved: &Moved) -> Result<Ours, Refusal> {
    let touched = moved.touched();
    if touched.is_empty() {
        return Ok(Ours::new());
    }
    let ids = app.hub.read(|canvas| touched.iter().flat_map(|id| candidates(canvas, id)).collect::<Vec<_>>());
    if ids.is_empty() {
        return Ok(Ours::new());
    }
    app.log.runs_of_ours(&ids).await.map_err(|error| {
        tracing::warn!(%error, "the executions of a workspace cannot be read");
        Refusal::Unavailable("the log cannot be read right now; nothing was changed".into())
    })
}

fn candidates(canvas: &Canvas, id: &WorkspaceId) -> Vec<String> {
    let executions = canvas.runs().executions_in(id).filter(|it| !it.status.is_terminal());
    let runs = canvas.runs().running_runs().filter(|run| run.workspace_id.as_ref() == Some(id));
    executions.map(|it| it.execution_id.to_string()).chain(runs.map(|run| run.run_id.to_string())).collect()
}

impl Moved {
    /// Adds the tasks that the touched workspaces show from now on: before the execution's own events where work only
    /// ended, after them where work started.
    pub(super) fn update_cards(&self, state: &State, ours: &Ours, around: &mut Around) {
        for id in self.touched() {
            let Some(row) = state.canvas.workspace(&id) else { continue };
            let others = self.others_on(&id, state, ours);
            let before = self.before.as_ref().map_or(0, |before| running_on(before, &id).count());
            let after: Vec<usize> = running_on(&self.after, &id).collect();
            let count = others.len() + after.len();
            let started = self.started().filter(|(_, workspace, _)| **workspace == id).last();
            let (task, active_tasks) = match started {
                Some((_, _, message)) => (Some(shown(message)), count as u32),
                None => {
                    let is_ours = row.current_task.as_ref().is_some_and(|task| self.ended_text(&id, task));
                    let was_counted = row.active_tasks as usize == others.len() + before;
                    let own = after.last().and_then(|step| self.after.message(*step)).map(|message| shown(&message));
                    let left = own.or_else(|| others.last().cloned());
                    let task = if is_ours { left } else { row.current_task.clone() };
                    let is_counted = is_ours || (was_counted && count > 0);
                    (task, if is_counted { count as u32 } else { row.active_tasks })
                }
            };
            if (&task, active_tasks) != (&row.current_task, row.active_tasks) {
                let change = WorkspaceChange::TaskUpdated { current_task: task, active_tasks };
                let event = Event::Workspace(WorkspaceEvent { workspace_id: id, timestamp: self.now, change });
                if started.is_some() { &mut around.starts } else { &mut around.ends }.push(event);
            }
        }
    }

    /// Returns whether nothing of ours runs on the workspace after this move.
    pub(super) fn frees(&self, id: &WorkspaceId, state: &State, ours: &Ours) -> bool {
        running_on(&self.after, id).next().is_none() && self.others_on(id, state, ours).is_empty()
    }

    /// Returns the workspaces on which a step of this execution starts or ends.
    fn touched(&self) -> BTreeSet<WorkspaceId> {
        let started = self.started().map(|(_, id, _)| id.clone());
        let workspace = |step: usize| self.before.as_ref().and_then(|it| it.state.steps[step].workspace_id.clone());
        started.chain(self.ended().filter_map(workspace)).collect()
    }

    fn started(&self) -> impl Iterator<Item = (usize, &WorkspaceId, &str)> {
        self.advance.effects.iter().filter_map(|effect| match effect {
            Effect::Run { step, job: Job::Agent { message, workspace_id }, .. } => {
                Some((*step, workspace_id, &**message))
            }
            _ => None,
        })
    }

    /// Returns whether this is how a card shows a step that has just ended on this workspace.
    fn ended_text(&self, id: &WorkspaceId, task: &str) -> bool {
        let on_it = |step: &usize| {
            self.before.as_ref().is_some_and(|before| before.state.steps[*step].workspace_id.as_ref() == Some(id))
        };
        let is_text = |step: usize| {
            let message = self.after.message(step).map(|message| shown(&message));
            message.as_deref() == Some(task) || self.after.definition.steps[step].name == task
        };
        task == OTHER_TASK || self.ended().filter(on_it).any(is_text)
    }

    /// Returns how a card shows the running steps of other executions, and the running tasks.
    fn others_on(&self, id: &WorkspaceId, state: &State, ours: &Ours) -> Vec<String> {
        let own = &self.after.state;
        let own_run = if let Subject::Task { run_id, .. } = &own.subject { Some(run_id) } else { None };
        let executions = state.canvas.runs().executions_in(id).filter(|it| {
            it.execution_id != own.execution_id && !it.status.is_terminal() && ours.contains(it.execution_id.as_str())
        });
        let steps = executions.flat_map(|it| &it.steps);
        let steps = steps.filter(|step| step.status == RunStatus::Running && step.workspace_id.as_ref() == Some(id));
        let runs = state.canvas.runs().running_runs().filter(|run| {
            let is_other = Some(&run.run_id) != own_run && ours.contains(run.run_id.as_str());
            is_other && run.status == RunStatus::Running && run.workspace_id.as_ref() == Some(id)
        });
        let runs = runs.map(|_| OTHER_TASK.to_owned());
        runs.chain(steps.map(|step| step.step_name.clone().unwrap_or_else(|| OTHER_TASK.into()))).collect()
    }
}

/// Returns the agent steps of an execution that run on a workspace.
fn running_on<'a>(execution: &'a Execution, id: &'a WorkspaceId) -> impl Iterator<Item = usize> + 'a {
    let steps = execution.state.steps.iter().enumerate();
    steps.filter_map(move |(at, step)| {
        let is_agent = matches!(execution.definition.steps[at].work, Work::Agent { .. });
        let runs = matches!(step.stage, Stage::Running { .. }) && step.workspace_id.as_ref() == Some(id);
        (is_agent && runs).then_some(at)
    })
}
