//! How many executions and waits an owner may have at once on one server.

use std::time::Duration;

use clap::Args;

use crate::error::Refusal;

/// When a caller that was refused may try again.
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// Executions and runs of tasks belong to the operator, who alone may begin them.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct RunnerLimits {
    /// Executions and runs of tasks that may run at once on this server; one more is refused.
    #[arg(long = "max-executions", env = "ORRERY_MAX_EXECUTIONS", value_name = "N", default_value_t = 2_000)]
    pub executions: usize,

    /// Steps that may wait at once on this server, for time, for a person or for their next attempt. Beyond it no execution
    /// begins that waits; those that run go on.
    #[arg(long = "max-waits", env = "ORRERY_MAX_WAITS", value_name = "N", default_value_t = 20_000)]
    pub waits: usize,
}

impl RunnerLimits {
    /// Checks the numbers as they would be with one more execution.
    pub(super) fn check(&self, executions: usize, waits: usize) -> Result<(), Refusal> {
        let refused = |what: String| Err(Refusal::TooMany { what, wait: TRY_AGAIN });
        match self {
            Self { executions: most, .. } if executions > *most => refused(format!("{most} executions run already")),
            Self { waits: most, .. } if waits > *most => {
                refused(format!("with this execution more than {most} steps would wait (--max-waits)"))
            }
            _ => Ok(()),
        }
    }
}
