//! What the writer does after a failure: it forgets its state, loads the log's, and finds out what became of the batch whose
//! commit was not confirmed.

use super::State;
use super::writer::{Progress, Round, Writer};
use crate::error::Refusal;
use crate::log::LogError;

pub(super) const NOT_SAVED: &str = "the event could not be saved; nothing was changed";
const NOT_KNOWN: &str = "the log failed while this was being saved: see whether it was done before you repeat it";

#[derive(Default)]
pub(crate) struct Recovery {
    /// The state in memory is not that of the log: it is loaded before the next decision.
    pub(super) is_stale: bool,
    pub(super) unresolved: Option<Unresolved>,
}

/// A batch of which it is not known whether it is in the log. Its callers wait until that can be read.
pub(super) struct Unresolved {
    round: Round,
    is_found: bool,
}

impl Writer {
    /// Answers at once if the log can be read.
    pub(super) async fn leave_unresolved(&mut self, round: Round) {
        self.recovery.is_stale = true;
        self.recovery.unresolved = Some(Unresolved { round, is_found: false });
        if let Err(error) = self.resync().await {
            self.failed(&error);
        }
    }

    /// Notices while nobody calls that a file of the log is gone.
    pub(super) fn check_files(&self) {
        if let Err(error) = self.appender.check_files() {
            self.writable.set_failed(&error);
        }
    }

    /// Tries to write while nobody calls.
    pub(super) async fn probe(&mut self) {
        match self.prepare().await {
            Ok(()) => self.appender.release().await,
            Err(error) => self.writable.set_failed(&error),
        }
    }

    /// Makes the state in memory that of the log, announces what was committed after all, and answers its callers.
    pub(super) async fn resync(&mut self) -> Result<(), LogError> {
        // Waits for a commit that is still on its way in the database.
        let owner = self.ownership.name();
        let taken = self.appender.begin(self.announced, owner.as_ref()).await;
        self.appender.release().await;
        match taken {
            Ok(_) | Err(LogError::HeadMoved(_)) => self.reload().await?,
            Err(error) => return Err(error),
        }
        if let Some(Unresolved { mut round, is_found }) = self.recovery.unresolved.take() {
            let result = match round.progress {
                Progress::Committed => Ok(()),
                Progress::Sent if is_found => Ok(()),
                Progress::Sent if round.first.is_none() => Err(Refusal::Unavailable(NOT_KNOWN.into())),
                Progress::Sent | Progress::Undecided => Err(Refusal::Unavailable(NOT_SAVED.into())),
            };
            round.answer(&result);
        }
        Ok(())
    }

    /// Reads everything anew. What was not announced yet is announced.
    pub(super) async fn reload(&mut self) -> Result<(), LogError> {
        let restored = self.log.restore().await?;
        while self.announced < restored.head {
            let missed = self.log.read(self.announced, 1000).await?;
            if missed.is_empty() {
                break;
            }
            for published in missed.into_iter().filter(|published| published.seq <= restored.head) {
                if let Some(unresolved) = &mut self.recovery.unresolved {
                    unresolved.is_found |= unresolved.round.first.as_ref() == Some(&published);
                }
                self.announced = published.seq;
                self.bus.pass_on(published);
            }
        }
        self.credentials.replace(&restored);
        self.state = State::new(restored);
        self.recovery.is_stale = false;
        Ok(())
    }
}
