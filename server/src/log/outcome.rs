//! What is kept for an idempotency key: where its events are, and how its request was answered.

use orrery_protocol::Seq;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An idempotency key that the log knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Ingested {
    /// The place of its event, or of the last event before it.
    pub seq: Seq,
    /// `None` for an event of another system, which is answered by its place.
    pub outcome: Option<Outcome>,
}

/// The answer of a request, as it was given the first time, without tokens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// A digest of method, path and body.
    pub request: String,
    pub status: u16,
    pub body: Value,
}
