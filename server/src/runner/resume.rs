//! Resumes an execution that the end of a server has cut, and counts the attempts, so that one that kills its server
//! does not do so for ever.

use super::Inbox;
use super::drive::{Drive, First, Heard};
use super::execution::Input;

/// After so many resumptions that did not come to their end, an execution has failed.
const MAX_RESUMPTIONS: u32 = 2;

impl Drive {
    /// Resumes the execution and runs it. The attempt is counted in the log before anything is done, and forgotten when
    /// all that was due has been done.
    pub(super) async fn resume(mut self, inbox: Inbox) {
        let app = self.app.clone();
        let attempts = self.execution.state.resumptions;
        // One at a time, so that the next abort can only be due to the one whose attempt was counted.
        let cautious = if attempts > 0 { Some(app.runner.cautious.lock().await) } else { None };
        if attempts >= MAX_RESUMPTIONS {
            let reason = format!("the server ended {attempts} times while it resumed this execution");
            tracing::error!(execution = %self.execution.state.execution_id, "{reason}");
            self.react(Heard::of(Input::Abandoned { reason })).await;
        } else if self.count_resumptions(attempts + 1).await {
            self.react(Heard::of(Input::Interrupted)).await;
            self.react(Heard::of(Input::Tick)).await;
            self.count_resumptions(0).await;
        }
        drop(cautious);
        self.run(First::Resumed, inbox).await;
    }
}
