//! The variables of one execution: its inputs, and `steps.<name>.output` of the steps that are over.
//! Also fills `${path}` into texts, within a limit. Never evaluates conditions.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::size;

const STEPS: &str = "steps";
/// What an escaped `${` looks like.
const ESCAPE: &str = "$${";

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Variables(Map<String, Value>);

/// Why a text cannot be filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    #[error("the variable `{0}` is not set")]
    Unset(String),
    #[error("`${{` is never closed by `}}`; `$${{` stands for one that is no variable")]
    Unclosed,
    #[error("with its variables filled in, the step is larger than {} KiB", MAX_EXPANDED / 1024)]
    TooLarge,
}

/// What happens to a `${path}` that does not begin with the name of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undeclared {
    /// It stays as it is: an agent's message may hold shell scripts and templates.
    Unchanged,
    /// It is an error: sent as it is, it would address or store something else.
    Refused,
}

/// The most bytes that the texts of one step may take together once their variables are filled in.
pub const MAX_EXPANDED: usize = 1024 * 1024;

/// Fills the texts of one step. The size is checked before each piece is added, so that no more than `MAX_EXPANDED`
/// bytes are ever allocated.
pub struct Expansion<'a> {
    variables: &'a Variables,
    undeclared: Undeclared,
    left: usize,
}

impl Variables {
    pub fn new(values: Map<String, Value>) -> Self {
        Self(values)
    }

    /// Returns the value at a dotted path; a number steps into a list. A step's name may itself hold dots. Whatever is asked
    /// of the output of a step that ended without one is null.
    pub fn get(&self, path: &str) -> Option<&Value> {
        fn within<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
            match value {
                Value::Object(map) => at(map, path),
                Value::Array(items) => {
                    let (head, rest) = path.split_once('.').map_or((path, None), |(head, rest)| (head, Some(rest)));
                    let item = items.get(head.parse::<usize>().ok()?)?;
                    rest.map_or(Some(item), |rest| within(item, rest))
                }
                _ => None,
            }
        }
        fn at<'a>(map: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
            let dots = path.match_indices('.').map(|(dot, _)| dot);
            map.get(path).or_else(|| dots.into_iter().find_map(|dot| within(map.get(&path[..dot])?, &path[dot + 1..])))
        }
        let path = path.trim();
        at(&self.0, path).or_else(|| self.is_of_no_output(path).then_some(&Value::Null))
    }

    pub fn record_output(&mut self, step: &str, output: &Value) {
        self.record(step, json!({ "output": output }));
    }

    /// Records that a step is over and did not complete.
    pub fn record_no_output(&mut self, step: &str) {
        self.record(step, json!({ "output": null, "completed": false }));
    }

    /// Returns a text that is filled to exactly this one.
    pub fn escape(text: &str) -> String {
        text.replace("${", ESCAPE)
    }

    /// Returns a message or a title with each `${path}` of a variable replaced by its value: text as it is, anything else as
    /// JSON. Everything else stays as it is, and `$${` becomes `${`.
    pub fn fill(&self, text: &str) -> Result<String, BadText> {
        self.expansion(Undeclared::Unchanged).text(text)
    }

    /// Starts filling the texts of one step.
    pub fn expansion(&self, undeclared: Undeclared) -> Expansion<'_> {
        Expansion { variables: self, undeclared, left: MAX_EXPANDED }
    }

    fn record(&mut self, step: &str, record: Value) {
        let steps = self.0.entry(STEPS).or_insert_with(|| json!({}));
        if let Some(steps) = steps.as_object_mut() {
            steps.insert(step.to_owned(), record);
        }
    }

    fn is_of_no_output(&self, path: &str) -> bool {
        let Some(path) = path.strip_prefix("steps.") else { return false };
        let is_of = |(step, record): (&String, &Value)| {
            record["completed"] == false
                && path.strip_prefix(&**step).is_some_and(|rest| rest == ".output" || rest.starts_with(".output."))
        };
        self.0.get(STEPS).and_then(Value::as_object).is_some_and(|steps| steps.iter().any(is_of))
    }

    fn is_declared(&self, path: &str) -> bool {
        let dots = path.match_indices('.').map(|(dot, _)| &path[..dot]);
        dots.chain([path]).any(|name| name == STEPS || self.0.contains_key(name))
    }
}

impl<'v> Expansion<'v> {
    /// Returns `text` with each `${path}` replaced by its value: text as it is, anything else as JSON.
    pub fn text(&mut self, text: &str) -> Result<String, BadText> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            rest = after;
            if let Some(before) = before.strip_suffix('$') {
                self.push(&mut filled, before)?;
                self.push(&mut filled, "${")?;
                continue;
            }
            self.push(&mut filled, before)?;
            let path = path_of(after);
            let value = match path {
                Some(path) => self.value(path)?,
                None if self.undeclared == Undeclared::Refused => return Err(BadText::Unclosed),
                None => None,
            };
            let (Some(path), Some(value)) = (path, value) else {
                self.push(&mut filled, "${")?;
                continue;
            };
            match value {
                Value::String(text) => self.push(&mut filled, text)?,
                Value::Null if self.variables.is_of_no_output(path.trim()) => {}
                // Null stands for a variable that was given no value.
                Value::Null if self.variables.0.contains_key(path.trim()) => {
                    return Err(BadText::Unset(path.trim().to_owned()));
                }
                other => {
                    self.spend_json(other)?;
                    filled.push_str(&other.to_string());
                }
            }
            rest = &after[path.len() + 1..];
        }
        self.push(&mut filled, rest)?;
        Ok(filled)
    }

    /// Fills every text of a JSON value. A text that is one `${path}` alone becomes the value itself.
    pub fn json(&mut self, value: &Value) -> Result<Value, BadText> {
        Ok(match value {
            Value::String(text) => match text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
                Some(path) if path_of(&text[2..]) == Some(path) => match self.value(path)? {
                    Some(value) => {
                        self.spend_json(value)?;
                        value.clone()
                    }
                    None => Value::String(self.text(text)?),
                },
                _ => Value::String(self.text(text)?),
            },
            Value::Array(items) => items.iter().map(|item| self.json(item)).collect::<Result<_, _>>()?,
            Value::Object(map) => {
                let filled = map.iter().map(|(key, value)| Ok((key.clone(), self.json(value)?)));
                Value::Object(filled.collect::<Result<_, BadText>>()?)
            }
            other => other.clone(),
        })
    }

    /// Returns the value of a path, or None where the text stays as it is.
    fn value(&self, path: &str) -> Result<Option<&'v Value>, BadText> {
        let path = path.trim();
        match (self.variables.get(path), self.undeclared) {
            (Some(value), _) => Ok(Some(value)),
            (None, Undeclared::Unchanged) if !self.variables.is_declared(path) => Ok(None),
            (None, _) => Err(BadText::Unset(path.to_owned())),
        }
    }

    fn push(&mut self, to: &mut String, text: &str) -> Result<(), BadText> {
        self.spend(text.len())?;
        to.push_str(text);
        Ok(())
    }

    fn spend(&mut self, bytes: usize) -> Result<(), BadText> {
        self.left = self.left.checked_sub(bytes).ok_or(BadText::TooLarge)?;
        Ok(())
    }

    /// Counts the bytes of the value as JSON without writing them anywhere.
    fn spend_json(&mut self, value: &Value) -> Result<(), BadText> {
        self.spend(size::json_length(value))
    }
}

/// Returns the path that a text begins with after `${`: what comes before `}`, unless another `${` comes first.
fn path_of(text: &str) -> Option<&str> {
    let end = text.char_indices().find(|&(at, letter)| letter == '}' || text[at..].starts_with("${"));
    end.filter(|(_, letter)| *letter == '}').map(|(at, _)| &text[..at])
}

#[cfg(test)]
mod tests;
