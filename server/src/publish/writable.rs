//! Whether the log can be written, as the last attempt showed: the writer says it, readiness and metrics show it.

use std::sync::Arc;

use tokio::sync::watch;

use crate::log::LogError;

/// `None` while the log can be written; otherwise why not.
type Failure = Option<Arc<str>>;

/// The writer's end.
pub(crate) struct Writable(watch::Sender<Failure>);

/// The end of those who ask.
#[derive(Clone)]
pub(super) struct WriteFailure(watch::Receiver<Failure>);

impl Writable {
    /// A log that was opened was written.
    pub(super) fn new() -> (Self, WriteFailure) {
        let (sender, receiver) = watch::channel(None);
        (Self(sender), WriteFailure(receiver))
    }

    pub(super) fn is_writable(&self) -> bool {
        self.0.borrow().is_none()
    }

    pub(super) fn set_writable(&self) {
        if self.0.send_replace(None).is_some() {
            tracing::info!("the log can be written again");
        }
    }

    pub(super) fn set_failed(&self, error: &LogError) {
        let reason: Failure = Some(error.to_string().into());
        // Said once, not for each caller.
        if self.0.send_replace(reason.clone()) != reason {
            tracing::error!(%error, "the log cannot be written");
        }
    }
}

impl WriteFailure {
    pub(super) fn get(&self) -> Failure {
        self.0.borrow().clone()
    }
}
