//! The variables of one execution: its inputs, and `steps.<name>.output` of the steps that completed.
//! Also fills `${path}` into texts, within a limit. Never evaluates conditions.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::size;

const STEPS: &str = "steps";

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Variables(Map<String, Value>);

/// A `${path}` that names nothing, or is never closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    #[error("the variable `{0}` is not set")]
    Unset(String),
    #[error("`${{` is never closed by `}}`")]
    Unclosed,
    #[error("with its variables filled in, the step is larger than {} KiB", MAX_EXPANDED / 1024)]
    TooLarge,
}

/// The most bytes that the texts of one step may take together once their variables are filled in.
pub const MAX_EXPANDED: usize = 1024 * 1024;

/// Fills the texts of one step. The size is checked before each piece is added, so that no more than `MAX_EXPANDED`
/// bytes are ever allocated.
pub struct Expansion<'a> {
    variables: &'a Variables,
    left: usize,
}

impl Variables {
    pub fn new(values: Map<String, Value>) -> Self {
        Self(values)
    }

    /// The value at a dotted path; a number steps into a list. A step's name may itself hold dots.
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
        at(&self.0, path.trim())
    }

    pub fn keep_output(&mut self, step: &str, output: &Value) {
        let steps = self.0.entry(STEPS).or_insert_with(|| json!({}));
        if let Some(steps) = steps.as_object_mut() {
            steps.insert(step.to_owned(), json!({ "output": output }));
        }
    }

    /// Returns `text` with each `${path}` replaced by its value: text as it is, anything else as JSON.
    pub fn fill(&self, text: &str) -> Result<String, BadText> {
        self.expansion().text(text)
    }

    /// Starts filling the texts of one step.
    pub fn expansion(&self) -> Expansion<'_> {
        Expansion { variables: self, left: MAX_EXPANDED }
    }

    fn set(&self, path: &str) -> Result<&Value, BadText> {
        self.get(path).ok_or_else(|| BadText::Unset(path.trim().to_owned()))
    }
}

impl Expansion<'_> {
    /// Returns `text` with each `${path}` replaced by its value: text as it is, anything else as JSON.
    pub fn text(&mut self, text: &str) -> Result<String, BadText> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (path, after) = after.split_once('}').ok_or(BadText::Unclosed)?;
            self.push(&mut filled, before)?;
            match self.variables.set(path)? {
                Value::String(text) => self.push(&mut filled, text)?,
                other => {
                    self.spend_json(other)?;
                    filled.push_str(&other.to_string());
                }
            }
            rest = after;
        }
        self.push(&mut filled, rest)?;
        Ok(filled)
    }

    /// Fills every text of a JSON value. A text that is one `${path}` alone becomes the value itself.
    pub fn json(&mut self, value: &Value) -> Result<Value, BadText> {
        Ok(match value {
            Value::String(text) => match text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
                Some(path) if !path.contains("${") => {
                    let value = self.variables.set(path)?;
                    self.spend_json(value)?;
                    value.clone()
                }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_filled_from_inputs_and_outputs() {
        let mut variables =
            Variables::new(json!({ "city": "Oslo", "n": 2, "a": { "b": [true] } }).as_object().unwrap().clone());
        variables.keep_output("Ask v1.2", &json!({ "text": "done" }));
        for (text, filled) in [
            ("no variable", "no variable"),
            ("${city}: ${n} of ${ n }", "Oslo: 2 of 2"),
            ("${a.b.0} ${a}", "true {\"b\":[true]}"),
            ("<${steps.Ask v1.2.output.text}>", "<done>"),
        ] {
            assert_eq!(variables.fill(text).as_deref(), Ok(filled), "{text}");
        }
        assert_eq!(variables.fill("${nope}"), Err(BadText::Unset("nope".into())));
        assert_eq!(variables.fill("${city"), Err(BadText::Unclosed));
        assert_eq!(variables.expansion().json(&json!(["${n}", "n=${n}", 7])), Ok(json!([2, "n=2", 7])));
    }

    #[test]
    fn an_expansion_ends_at_its_limit() {
        let x = "x".repeat(200 * 1024);
        let variables = Variables::new(json!({ "x": x, "list": [x] }).as_object().unwrap().clone());
        for bomb in ["${x}".repeat(20_000), "${list}".repeat(6)] {
            assert_eq!(variables.fill(&bomb), Err(BadText::TooLarge));
            assert_eq!(variables.expansion().json(&json!({ "a": [bomb] })), Err(BadText::TooLarge));
        }
        assert_eq!(variables.expansion().json(&json!(vec!["${x}"; 6])), Err(BadText::TooLarge));
        assert_eq!(variables.expansion().json(&json!(vec!["${list}"; 6])), Err(BadText::TooLarge));
        assert_eq!(variables.fill(&"${x}".repeat(5)).map(|text| text.len()), Ok(1000 * 1024));
        // The limit holds for all texts of a step together.
        let mut expansion = variables.expansion();
        assert!(expansion.text(&"${x}".repeat(3)).is_ok());
        assert_eq!(expansion.json(&json!("${x}${x}${x}")), Err(BadText::TooLarge));
    }
}
