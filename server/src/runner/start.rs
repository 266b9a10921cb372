//! Begins executions, and finds those again that a stop of the server has cut. Never runs a step.

use std::sync::Arc;

use orrery_protocol::{ExecutionId, Workflow};
use serde_json::{Map, Value};

use super::around::Moved;
use super::commit::{commit, setting};
use super::definition::Definition;
use super::drive::{Drive, First};
use super::execution::{Execution, State, Subject};
use crate::app::Shared;
use crate::clock;
use crate::error::Refusal;
use crate::log::{LogError, Stored};
use crate::ownership::Owner;
use crate::publish::Once;

/// Answers when its start is in the log, with what its request is answered by.
pub async fn begin(
    app: &Shared,
    workflow: Workflow,
    subject: Subject,
    given: Map<String, Value>,
    (once, answer): (Once, fn(&Execution) -> Value),
) -> Result<Execution, Refusal> {
    let definition = Definition::check(workflow).map_err(|error| Refusal::BadRequest(error.to_string()))?;
    let variables = definition.variables(given).map_err(|error| Refusal::BadRequest(error.to_string()))?;
    let (id, now) = (clock::mint::<ExecutionId>(), clock::now());
    let coming_back = || Refusal::Unavailable("this server is just coming back: try again".into());
    let owner = app.ownership.name().ok_or_else(coming_back)?;
    let definition = Arc::new(definition);
    let (execution, advance) =
        setting(app, now, |setting| Execution::begin(definition, id.clone(), subject, variables, setting));
    let inbox = app.runner.enter(&id, execution.waits())?;
    let effects = advance.effects.clone();
    let moved = Moved { before: None, after: execution.clone(), advance, exchange: None, now, heard_as: None };
    let kept = answer(&execution);
    if let Err(refusal) = commit(app, Arc::new(moved), owner.clone(), (once, kept)).await {
        app.runner.leave(&id, inbox);
        return Err(if let Refusal::Conflict(_) = refusal { coming_back() } else { refusal });
    }
    let drive = Drive::new(app.clone(), execution.clone(), owner);
    tokio::spawn(drive.run(First::Effects(effects), inbox));
    Ok(execution)
}

/// For a server alone: what was running when it stopped goes on, or fails with that as its cause.
pub async fn resume(app: &Shared) -> Result<(), Refusal> {
    let Some(owner) = app.ownership.name() else { return Ok(()) };
    app.log.unfinished().await?.into_iter().for_each(|stored| go_on(app, stored, &owner));
    Ok(())
}

/// The same with one that another server had, and that is this one's now.
pub(crate) async fn take_up(app: &Shared, id: &ExecutionId, owner: &Owner) -> Result<(), LogError> {
    app.log.execution(id).await?.into_iter().for_each(|stored| go_on(app, stored, owner));
    Ok(())
}

fn go_on(app: &Shared, stored: Stored, owner: &Owner) {
    let Some(execution) = restored(stored).filter(|execution| !execution.is_over()) else { return };
    let inbox = app.runner.enter_anyway(&execution.state.execution_id, execution.waits());
    tokio::spawn(Drive::new(app.clone(), execution, owner.clone()).resume(inbox));
}

/// Returns whether a stored state is one of this definition's executions: everything else relies on it.
fn fits(definition: &Workflow, state: &State) -> bool {
    definition.steps.len() == state.steps.len() && definition.steps.iter().all(|step| step.step_id.is_some())
}

/// An execution as the log has it.
pub fn restored(stored: Stored) -> Option<Execution> {
    match Definition::check(stored.definition) {
        Ok(definition) if !fits(&definition.workflow, &stored.state) => {
            tracing::error!(execution = %stored.state.execution_id, "a stored execution has other steps than its definition");
            None
        }
        Ok(definition) => Some(Execution { definition: Arc::new(definition), state: stored.state }),
        Err(error) => {
            tracing::error!(%error, execution = %stored.state.execution_id, "a stored definition cannot be read");
            None
        }
    }
}
