//! A request that may be repeated: the first time its outcome is kept with its events, later it is answered by that.

use orrery_protocol::Seq;
use serde_json::Value;

use super::{Decision, Door, Lookups, State};
use crate::clock;
use crate::error::Refusal;
use crate::log::{Outcome, RunnerWrite, Write};

/// The idempotency key of a request, if it has one.
#[derive(Debug, Clone, Default)]
pub struct Once(Option<Key>);

#[derive(Debug, Clone)]
struct Key {
    /// Of this caller alone.
    key: String,
    /// A digest of what is asked: the same key for something else is a mistake.
    request: String,
}

impl Once {
    pub fn new(key: String, request: String) -> Self {
        Self(Some(Key { key, request }))
    }

    /// Returns one that is never repeated.
    pub fn never() -> Self {
        Self(None)
    }

    pub(crate) fn keys(&self) -> Vec<String> {
        self.0.iter().map(|key| key.key.clone()).collect()
    }

    /// Returns `Repeated` with the first outcome if the log knows the key.
    pub(crate) fn check(&self, state: &State) -> Result<(), Refusal> {
        let Some(Key { key, request }) = &self.0 else { return Ok(()) };
        match state.taken_in.get(key).and_then(|known| known.outcome.as_ref()) {
            None => Ok(()),
            Some(outcome) if outcome.request == *request => Err(Refusal::Repeated(Box::new(outcome.clone()))),
            Some(_) => Err(Refusal::Unprocessable(
                "this Idempotency-Key was used for another request: use a new key for a new request".into(),
            )),
        }
    }

    /// Returns the row that keeps the outcome.
    pub(crate) fn write(self, seq: Seq, status: u16, body: Value) -> Option<Write> {
        let Key { key, request } = self.0?;
        let outcome = Some(Outcome { request, status, body });
        Some(Write::Runner(RunnerWrite::Ingested { key, seq, outcome, at: clock::now() }))
    }
}

impl Door {
    /// Publishes like `publish`, once for an idempotency key. `answer` is what the caller is told, as status and body
    /// without tokens; a repetition fails with `Refusal::Repeated`, which is answered by that.
    pub async fn publish_once<T: Send + 'static>(
        &self,
        once: Once,
        answer: impl FnOnce(&T) -> (u16, Value) + Send + 'static,
        decide: impl FnOnce(&State) -> Result<Decision<T>, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let keys = once.keys();
        let decide = move |state: &State| {
            once.check(state)?;
            let mut decision = decide(state)?;
            let (status, body) = answer(&decision.answer);
            decision.writes.extend(once.write(state.seq() + decision.events.len() as Seq, status, body));
            Ok(decision)
        };
        self.publish_with(Lookups { keys, ..Lookups::default() }, decide).await
    }
}
