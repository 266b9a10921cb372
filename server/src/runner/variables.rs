//! The variables of one execution: what it was started with, and `steps.<name>.output` of the steps that completed.
//! Also fills `${path}` into texts. Never evaluates conditions.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

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

    /// `text` with each `${path}` replaced by its value: text as it is, anything else as JSON.
    pub fn fill(&self, text: &str) -> Result<String, BadText> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (path, after) = after.split_once('}').ok_or(BadText::Unclosed)?;
            filled.push_str(before);
            match self.get(path).ok_or_else(|| BadText::Unset(path.trim().to_owned()))? {
                Value::String(text) => filled.push_str(text),
                other => filled.push_str(&other.to_string()),
            }
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// The same in every text of a JSON value. A text that is one `${path}` alone becomes the value itself.
    pub fn fill_json(&self, value: &Value) -> Result<Value, BadText> {
        Ok(match value {
            Value::String(text) => match text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
                Some(path) if !path.contains("${") => {
                    self.get(path).ok_or_else(|| BadText::Unset(path.trim().to_owned()))?.clone()
                }
                _ => Value::String(self.fill(text)?),
            },
            Value::Array(items) => items.iter().map(|item| self.fill_json(item)).collect::<Result<_, _>>()?,
            Value::Object(map) => {
                let filled = map.iter().map(|(key, value)| Ok((key.clone(), self.fill_json(value)?)));
                Value::Object(filled.collect::<Result<_, BadText>>()?)
            }
            other => other.clone(),
        })
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
        assert_eq!(variables.fill_json(&json!(["${n}", "n=${n}", 7])), Ok(json!([2, "n=2", 7])));
    }
}
