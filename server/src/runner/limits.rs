//! How many executions and waits an owner may have at once on one server.

use std::time::Duration;

use clap::Args;

use crate::error::Refusal;

/// When a caller that was refused may try again.
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// Executions and runs of tasks belong to the operator, who alone may begin them.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct RunnerLimits {
    /// Workflow executions and task runs that may be in progress on this server. Further ones are refused.
    #[arg(long = "max-executions", env = "ORRERY_MAX_EXECUTIONS", value_name = "N", default_value_t = 2_000)]
    pub executions: usize,

    /// Steps that may wait on this server, for a time, for an approval or for their next attempt. Beyond it, executions that
    /// contain such steps are refused; those in progress continue.
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
