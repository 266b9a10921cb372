//! What a socket's query string asks for. Never who asks.

use orrery_protocol::Cursor;
use serde::Deserialize;

use crate::error::Refusal;
use crate::hub::Since;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    since: Option<String>,
    include: Option<String>,
    batch: Option<String>,
    semantic: Option<String>,
    pub workspace_id: Option<String>,
    pub agent_id: Option<String>,
}

/// Whether the client knows about cursors, and where it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resume {
    /// No `since`: live from now on (see section 10.3 of docs/protocol.md).
    No,
    /// `since=` left empty, the first time: a hello that says `resumed: false`, then live. The client now takes a
    /// snapshot and drops what it already holds.
    First,
    After(Cursor),
}

impl Asked {
    pub fn resume(&self) -> Result<Resume, Refusal> {
        match self.since.as_deref() {
            None => Ok(Resume::No),
            Some("") => Ok(Resume::First),
            Some(text) => {
                text.parse().map(Resume::After).map_err(|error| Refusal::BadRequest(format!("since: {error}")))
            }
        }
    }

    pub fn includes_runs(&self) -> bool {
        self.include.iter().flat_map(|list| list.split(',')).any(|word| word.trim() == "runs")
    }

    pub fn batch(&self) -> bool {
        is_on(&self.batch)
    }

    pub fn semantic(&self) -> bool {
        is_on(&self.semantic)
    }
}

impl Resume {
    pub fn is_asked(&self) -> bool {
        *self != Self::No
    }

    pub fn since(&self) -> Since<'_> {
        match self {
            Self::No => Since::Now,
            Self::First => Since::Head,
            Self::After(cursor) => Since::After(cursor),
        }
    }
}

fn is_on(flag: &Option<String>) -> bool {
    matches!(flag.as_deref(), Some("1" | "true"))
}
