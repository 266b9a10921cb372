//! Cursor into the log: which log (`epoch`) and which event (`seq`), written as `epoch:seq`.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::spelling::parsed;

/// Number of an event in the order of commits of one log, which begins at 1 and has no gaps.
pub type Seq = u64;

/// Id of a log, which changes when the log is replaced or restored from a backup.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Epoch(Arc<str>);

impl Epoch {
    /// Returns the epoch with this id.
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    /// Returns the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The last event that a reader has; 0 before the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub epoch: Epoch,
    pub seq: Seq,
}

/// Error of a text that is no cursor, with the beginning of that text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a cursor is written as epoch:seq, not `{0}`")]
pub struct InvalidCursor(String);

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let parts = text.rsplit_once(':').filter(|(epoch, _)| (1..=64).contains(&epoch.len()));
        parts
            .and_then(|(epoch, seq)| Some(Self { epoch: Epoch::new(epoch), seq: seq.parse().ok()? }))
            .ok_or_else(|| InvalidCursor(text.chars().take(32).collect()))
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}:{}", self.epoch, self.seq)
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        parsed(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_round_trip() {
        for text in ["e1:0", "019a-7f:42", "a:b:7"] {
            assert_eq!(text.parse::<Cursor>().unwrap().to_string(), text);
        }
        for invalid in ["", "7", ":7", "e:", "e:-1", "e:x", "e:99999999999999999999"] {
            assert!(invalid.parse::<Cursor>().is_err(), "{invalid:?}");
        }
    }
}
