//! Begins executions, and finds those again that a stop of the server has cut. Never runs a step.

use std::sync::Arc;

use orrery_protocol::{ExecutionId, Workflow};
use serde_json::{Map, Value};

use super::around::Moved;
use super::definition::Definition;
use super::drive::{Drive, First, commit, setting};
use super::execution::{Execution, Subject};
use crate::app::Shared;
use crate::clock;
use crate::error::Refusal;
use crate::log::{RunnerWrite, Stored};

/// Answers when its start is in the log.
pub async fn begin(
    app: &Shared,
    workflow: Workflow,
    subject: Subject,
    given: Map<String, Value>,
) -> Result<Execution, Refusal> {
    let definition = Definition::check(workflow).map_err(|error| Refusal::BadRequest(error.to_string()))?;
    let variables = definition.variables(given).map_err(|error| Refusal::BadRequest(error.to_string()))?;
    let (id, now) = (clock::mint::<ExecutionId>(), clock::now());
    let inbox = app.runner.enter(&id)?;
    let definition = Arc::new(definition);
    let (execution, advance) =
        setting(app, now, |setting| Execution::begin(definition, id.clone(), subject, variables, setting));
    let write = RunnerWrite::Begun {
        definition: Arc::new(execution.definition.workflow.clone()),
        state: Box::new(execution.state.clone()),
    };
    let effects = advance.effects.clone();
    let moved = Moved { before: None, after: execution.clone(), advance, exchange: None, now };
    if let Err(refusal) = commit(app, Arc::new(moved), write).await {
        app.runner.leave(&id);
        return Err(refusal);
    }
    let drive = Drive::new(app.clone(), execution.clone());
    tokio::spawn(drive.run(First::Effects(effects), inbox));
    Ok(execution)
}

/// What was running when the server stopped goes on, or fails with that as its cause.
pub async fn resume(app: &Shared) -> Result<(), Refusal> {
    for stored in app.log.unfinished().await? {
        let id = stored.state.execution_id.clone();
        let Some(execution) = restored(stored) else { continue };
        let inbox = app.runner.enter(&id)?;
        tokio::spawn(Drive::new(app.clone(), execution).run(First::Interrupted, inbox));
    }
    Ok(())
}

/// An execution as the log has it.
pub fn restored(stored: Stored) -> Option<Execution> {
    match Definition::check(stored.definition) {
        Ok(definition) => Some(Execution { definition: Arc::new(definition), state: stored.state }),
        Err(error) => {
            tracing::error!(%error, execution = %stored.state.execution_id, "a stored definition cannot be read");
            None
        }
    }
}
