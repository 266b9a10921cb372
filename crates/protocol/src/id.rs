//! Ids, each kind with a type of its own so that they cannot be confused.
//!
//! An id is a string of 1 to 128 characters from `A-Z a-z 0-9 . _ : -` (see section 1.2 of docs/protocol.md). Clones share the text.

use std::sync::Arc;
use std::{borrow::Borrow, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::spelling::parsed;

/// Maximum length of an id in bytes.
pub const MAX_LENGTH: usize = 128;
/// Number of characters of an invalid id that the error repeats.
const QUOTED: usize = 32;

/// Error of a text that is no id, with the beginning of that text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to 128 characters from A-Z a-z 0-9 . _ : -, not `{0}`")]
pub struct InvalidId(String);

fn check(text: &str) -> Result<(), InvalidId> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'-');
    match (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(allowed) {
        true => Ok(()),
        false => Err(InvalidId(text.chars().take(QUOTED).collect())),
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Returns the id, or an error if the text is none.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                check(text).map(|()| Self(text.into()))
            }

            /// Returns the text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, to)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                parsed(from)
            }
        }
    )*};
}

ids! {
    /// Id of a workspace, the place of one agent, which is a card on the canvas.
    WorkspaceId
    /// Id of an AI agent, which can move to another workspace.
    AgentId
    /// Id of a task.
    TaskId
    /// Id of a run, which is one attempt at a task.
    RunId
    /// Id of the definition of a workflow.
    WorkflowId
    /// Id of one execution of a workflow.
    ExecutionId
    /// Id of a step of a workflow.
    StepId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_only_the_characters_of_the_contract() {
        let longest = "a".repeat(MAX_LENGTH);
        for valid in ["a", "ws-abc-123", "A.b_c:d-9", &longest] {
            assert_eq!(WorkspaceId::parse(valid).unwrap().as_str(), valid);
        }
        let too_long = "a".repeat(MAX_LENGTH + 1);
        for invalid in ["", " ", "a b", "ä", "a/b", "<b>", "a\n", &too_long] {
            assert!(WorkspaceId::parse(invalid).is_err(), "{invalid:?}");
            assert!(serde_json::from_value::<AgentId>(invalid.into()).is_err(), "{invalid:?}");
        }
    }
}
