//! The filter: what the user looks for, and whether a workspace matches.

use orrery_model::{Canvas, Slot};
use orrery_protocol::{AgentCard, Status, Workspace, WorkspaceId};

use crate::store::FilterQuery;

/// A workspace passes if every part that is set matches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub status: Option<Status>,
    /// The team itself, or anything inside at any depth.
    pub team: Option<WorkspaceId>,
    pub model: Option<String>,
    pub skill: Option<String>,
    /// Each word must be part of the name, role, task, model, a skill or the id. Case is ignored.
    pub text: String,
}

impl Filter {
    /// Returns whether nothing is set, so that every workspace passes.
    pub fn is_empty(&self) -> bool {
        *self == Self { text: self.text.clone(), ..Self::default() } && self.text.trim().is_empty()
    }

    /// Returns whether every workspace that passes this filter passes `before`, too.
    pub fn narrows(&self, before: &Self) -> bool {
        fn is_narrower<T: PartialEq>(before: &Option<T>, now: &Option<T>) -> bool {
            before.is_none() || before == now
        }
        is_narrower(&before.status, &self.status)
            && is_narrower(&before.team, &self.team)
            && is_narrower(&before.model, &self.model)
            && is_narrower(&before.skill, &self.skill)
            && before.words().all(|old| self.words().any(|new| new.contains(&old)))
    }

    /// Returns the same filter without its text.
    pub fn without_text(&self) -> Self {
        Self { text: String::new(), ..self.clone() }
    }

    /// Returns the words of the text in lower case.
    pub fn words(&self) -> impl Iterator<Item = String> + '_ {
        self.text.split_whitespace().map(str::to_lowercase)
    }

    /// Returns the filter ready to be evaluated, or `None` when every workspace passes.
    pub fn to_query(&self) -> Option<FilterQuery> {
        if self.is_empty() {
            return None;
        }
        let (filter, depends_on_tree) = (self.clone(), self.team.is_some());
        let words: Vec<String> = self.words().collect();
        let skill = self.skill.as_deref().map(quoted);
        let passes = move |canvas: &Canvas, slot: Slot| {
            let Some(workspace) = canvas.get(slot) else { return false };
            filter.status.as_ref().is_none_or(|status| workspace.status == *status)
                && filter.model.as_ref().is_none_or(|model| model_of(workspace) == Some(model.as_str()))
                && skill.as_ref().is_none_or(|skill| has_skill(workspace, skill))
                && filter.team.as_ref().is_none_or(|team| is_inside(canvas, slot, team))
                && words.iter().all(|word| matches_word(workspace, word))
        };
        Some(FilterQuery { passes: Box::new(passes), depends_on_tree })
    }
}

/// Returns the model of the agent, if there is one and its model is known.
pub fn model_of(workspace: &Workspace) -> Option<&str> {
    workspace.agent.as_ref().map(|agent| agent.model.as_str()).filter(|model| !model.is_empty())
}

/// Returns the skills of an agent card as they are written in its JSON, between the quotes. Does not parse the card: a filter
/// reads a hundred thousand of them.
pub fn skills_of(card: &AgentCard) -> impl Iterator<Item = &str> {
    let text = card.as_json();
    let list = match text.find(r#""skills":["#) {
        Some(at) => &text[at + r#""skills":["#.len()..],
        None => "",
    };
    Strings { text: list, depth: 0, is_name: false }
}

fn is_inside(canvas: &Canvas, slot: Slot, team: &WorkspaceId) -> bool {
    let Some(team) = canvas.find(team) else { return false };
    std::iter::successors(Some(slot), |slot| canvas.parent(*slot)).any(|ancestor| ancestor == team)
}

fn has_skill(workspace: &Workspace, quoted: &str) -> bool {
    workspace.agent_card.as_ref().is_some_and(|card| skills_of(card).any(|skill| skill == quoted))
}

/// Returns the searched texts that hardly two workspaces share.
pub fn own_texts(workspace: &Workspace) -> impl Iterator<Item = &str> {
    [Some(workspace.name.as_str()), workspace.current_task.as_deref(), Some(workspace.id.as_str())]
        .into_iter()
        .flatten()
}

/// Returns the searched texts that many workspaces share.
pub fn shared_texts(workspace: &Workspace) -> impl Iterator<Item = &str> {
    [workspace.role.as_deref(), model_of(workspace)]
        .into_iter()
        .flatten()
        .chain(workspace.agent_card.iter().flat_map(skills_of))
}

fn matches_word(workspace: &Workspace, word: &str) -> bool {
    own_texts(workspace).chain(shared_texts(workspace)).any(|text| contains_ignoring_case(text, word))
}

/// Returns whether `text` contains `word`, which is in lower case.
fn contains_ignoring_case(text: &str, word: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(word);
    }
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let Some(first) = word.first() else { return true };
    let Some(last) = text.len().checked_sub(word.len()) else { return false };
    (0..=last).any(|at| text[at].to_ascii_lowercase() == *first && text[at..at + word.len()].eq_ignore_ascii_case(word))
}

/// Returns the text as canonical JSON writes it between quotes.
fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json[1..json.len() - 1].to_owned()
}

/// Iterates over the strings of a JSON array, and over the `id` and the `name` of its objects.
struct Strings<'a> {
    text: &'a str,
    depth: usize,
    is_name: bool,
}

impl<'a> Iterator for Strings<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            let at = self.text.find(['"', '[', ']', '{', '}'])?;
            let delimiter = self.text.as_bytes()[at];
            self.text = &self.text[at + 1..];
            match delimiter {
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' if self.depth == 0 => {
                    self.text = "";
                    return None;
                }
                b']' | b'}' => self.depth -= 1,
                _ => {
                    let (string, rest) = split_at_quote(self.text)?;
                    self.text = rest;
                    if self.depth == 1 && rest.starts_with(':') {
                        self.is_name = matches!(string, "name" | "id");
                    } else if self.depth == 0 || (self.depth == 1 && std::mem::take(&mut self.is_name)) {
                        return Some(string);
                    }
                }
            }
        }
    }
}

/// Splits at the quote that ends a string.
fn split_at_quote(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some((&text[..at], &text[at + 1..])),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests;
