//! Why an attempt of a step failed, and whether another one makes sense.

use crate::outgoing::ReadError;

#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    pub reason: String,
    /// Whether another attempt could end differently. If not, the step has failed, whatever its `max_retries` says.
    pub may_retry: bool,
}

impl Failure {
    /// The work was done, and doing it again would lead to the same.
    pub fn without_retry(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), may_retry: false }
    }
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self { reason, may_retry: true }
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self { may_retry: matches!(error, ReadError::Broken(_)), reason: error.to_string() }
    }
}
