//! The ids that events carry, one type each so that they cannot be mixed up. Never a generator of ids.
//!
//! An id is any string of 1–128 characters from `A-Z a-z 0-9 . _ : -` (see section 1.2 of docs/protocol.md). Clones share the text.

use std::sync::Arc;
use std::{borrow::Borrow, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::spelling::parsed;

pub const MAX_LENGTH: usize = 128;
/// How many characters of what is no id an error repeats.
const QUOTED: usize = 32;

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
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                check(text).map(|()| Self(text.into()))
            }

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
    /// A card on the canvas: one agent's place.
    WorkspaceId
    /// An AI agent, which may move from one workspace to another.
    AgentId
    TaskId
    /// One attempt at a task.
    RunId
    /// A workflow's definition.
    WorkflowId
    /// One execution of a workflow.
    ExecutionId
    /// One step of one workflow.
    StepId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_take_exactly_the_characters_of_the_contract() {
        let longest = "a".repeat(MAX_LENGTH);
        for good in ["a", "ws-abc-123", "A.b_c:d-9", &longest] {
            assert_eq!(WorkspaceId::parse(good).unwrap().as_str(), good);
        }
        let too_long = "a".repeat(MAX_LENGTH + 1);
        for bad in ["", " ", "a b", "ä", "a/b", "<b>", "a\n", &too_long] {
            assert!(WorkspaceId::parse(bad).is_err(), "{bad:?}");
            assert!(serde_json::from_value::<AgentId>(bad.into()).is_err(), "{bad:?}");
        }
    }
}
