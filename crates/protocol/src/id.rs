//! Ids, each kind with a type of its own so that they cannot be confused.
//!
//! An id is a text of 1 to 256 bytes without control characters (see section 1.2 of docs/protocol.md): other systems have ids
//! such as `order/17` or `研究-1`. JSON may also have it as a whole number. Clones share the text.

use std::sync::Arc;
use std::{borrow::Borrow, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Maximum length of an id in bytes.
pub const MAX_LENGTH: usize = 256;
/// Number of characters of an invalid id that the error repeats.
const QUOTED: usize = 32;

/// Error of a text that is no id, with the beginning of that text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to 256 bytes and no control characters, not {0:?}")]
pub struct InvalidId(String);

fn check(text: &str) -> Result<(), InvalidId> {
    match (1..=MAX_LENGTH).contains(&text.len()) && !text.contains(char::is_control) {
        true => Ok(()),
        false => Err(InvalidId(text.chars().take(QUOTED).collect())),
    }
}

/// An id of any kind, made from a text that was checked.
pub trait Id {
    fn from_checked(text: Arc<str>) -> Self;
}

/// Reads `null` and `""` as `None`, and any other id as `Some`.
pub fn optional_id<'de, D: Deserializer<'de>, T: Id>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(deserializer.deserialize_option(IdVisitor)?.map(T::from_checked))
}

/// Reads the text of an id.
fn read_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<str>, D::Error> {
    deserializer.deserialize_any(IdVisitor)?.ok_or_else(|| de::Error::custom(InvalidId(String::new())))
}

/// Reads a text or a whole number, with `None` for `null` and `""`. One for all kinds of ids, because each reader adds to what
/// the page downloads.
struct IdVisitor;

impl<'de> de::Visitor<'de> for IdVisitor {
    type Value = Option<Arc<str>>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an id")
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match text {
            "" => Ok(None),
            _ => check(text).map(|()| Some(text.into())).map_err(E::custom),
        }
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string().into()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string().into()))
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

        impl Id for $name {
            fn from_checked(text: Arc<str>) -> Self {
                Self(text)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                read_id(from).map(Self)
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
mod tests;
