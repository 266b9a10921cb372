//! `condition_expression` (see section 12.4 of docs/protocol.md): `true` `false` numbers `"text"` `${variable}` `==` `!=` `<` `>` `&&` `||` `!` `( )`,
//! read into a tree and evaluated over the variables. Never knows steps.

mod reader;

use std::{cmp::Ordering, fmt};

use serde_json::Value;

use super::variables::Variables;

/// A read expression. `&&` binds tighter than `||`, comparisons tighter than both, `!` tightest.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    Literal(Value),
    /// A dotted path into the variables.
    Variable(String),
    Not(Box<Condition>),
    Compare(Box<Condition>, Comparison, Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Unequal,
    Less,
    Greater,
}

/// What could not be read, and where: `position` counts characters from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {position}: {reason}")]
pub struct BadCondition {
    pub position: usize,
    pub reason: String,
}

/// Why a well-written condition has no answer for these variables.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    #[error("the variable `{0}` is not set")]
    Unset(String),
    #[error("expected true or false, found {0}")]
    NotABoolean(String),
    #[error("cannot order {0} and {1}: both must be numbers, or both text")]
    NotOrdered(String, String),
}

impl Condition {
    pub fn read(text: &str) -> Result<Self, BadCondition> {
        reader::read(text)
    }

    /// `&&` and `||` look at their right side only when the left side leaves the answer open.
    pub fn holds(&self, variables: &Variables) -> Result<bool, NoAnswer> {
        match self.value(variables)? {
            Value::Bool(answer) => Ok(answer),
            other => Err(NoAnswer::NotABoolean(other.to_string())),
        }
    }

    fn value(&self, variables: &Variables) -> Result<Value, NoAnswer> {
        Ok(match self {
            Self::Literal(value) => value.clone(),
            Self::Variable(path) => variables.get(path).ok_or_else(|| NoAnswer::Unset(path.clone()))?.clone(),
            Self::Not(inner) => Value::Bool(!inner.holds(variables)?),
            Self::And(left, right) => Value::Bool(left.holds(variables)? && right.holds(variables)?),
            Self::Or(left, right) => Value::Bool(left.holds(variables)? || right.holds(variables)?),
            Self::Compare(left, comparison, right) => {
                Value::Bool(compare(&left.value(variables)?, *comparison, &right.value(variables)?)?)
            }
        })
    }
}

fn compare(left: &Value, comparison: Comparison, right: &Value) -> Result<bool, NoAnswer> {
    let order = match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64().partial_cmp(&right.as_f64()),
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => None,
    };
    let equal = || order.map_or_else(|| left == right, Ordering::is_eq);
    let ordered = || order.ok_or_else(|| NoAnswer::NotOrdered(left.to_string(), right.to_string()));
    Ok(match comparison {
        Comparison::Equal => equal(),
        Comparison::Unequal => !equal(),
        Comparison::Less => ordered()?.is_lt(),
        Comparison::Greater => ordered()?.is_gt(),
    })
}

impl fmt::Display for Comparison {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::Greater => ">",
        })
    }
}

/// Written with every bracket, so that it reads back as the same tree.
impl fmt::Display for Condition {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(value) => write!(to, "{value}"),
            Self::Variable(path) => write!(to, "${{{path}}}"),
            Self::Not(inner) => write!(to, "!({inner})"),
            Self::Compare(left, comparison, right) => write!(to, "(({left}) {comparison} ({right}))"),
            Self::And(left, right) => write!(to, "({left} && {right})"),
            Self::Or(left, right) => write!(to, "({left} || {right})"),
        }
    }
}

#[cfg(test)]
mod tests;
