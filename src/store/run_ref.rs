//! Names one execution or run.

use orrery_protocol::{ExecutionId, RunId};

/// The id of something that runs or ran.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RunRef {
    /// An execution of a workflow.
    Execution(ExecutionId),
    /// A run of a task.
    Run(RunId),
}
