//! What a person looks for, as one plain value, and whether one workspace is it. Pure. Never who else is.

use orrery_model::{Canvas, Slot};
use orrery_protocol::{AgentCard, Status, Workspace, WorkspaceId};

use crate::store::FilterQuery;

/// Each part that is said must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub status: Option<Status>,
    /// It, or inside it at any depth.
    pub team: Option<WorkspaceId>,
    pub model: Option<String>,
    pub skill: Option<String>,
    /// Each of its words must stand somewhere: in the name, the role, the task, the model, a skill, the id.
    pub text: String,
}

impl Filter {
    /// Nothing is looked for: everyone passes.
    pub fn is_open(&self) -> bool {
        *self == Self { text: self.text.clone(), ..Self::default() } && self.text.trim().is_empty()
    }

    /// Whoever passes this passed that one: nobody else has to be asked.
    pub fn narrows(&self, before: &Self) -> bool {
        fn keeps<T: PartialEq>(before: &Option<T>, now: &Option<T>) -> bool {
            before.is_none() || before == now
        }
        keeps(&before.status, &self.status)
            && keeps(&before.team, &self.team)
            && keeps(&before.model, &self.model)
            && keeps(&before.skill, &self.skill)
            && before.words().all(|old| self.words().any(|new| new.contains(&old)))
    }

    /// The same without its words.
    pub fn without_words(&self) -> Self {
        Self { text: String::new(), ..self.clone() }
    }

    /// In small letters.
    pub fn words(&self) -> impl Iterator<Item = String> + '_ {
        self.text.split_whitespace().map(str::to_lowercase)
    }

    /// What the sieve asks each workspace; none when everyone passes. What is the same for all is prepared once.
    pub fn question(&self) -> Option<FilterQuery> {
        if self.is_open() {
            return None;
        }
        let (filter, asks_for_team) = (self.clone(), self.team.is_some());
        let words: Vec<String> = self.words().collect();
        let skill = self.skill.as_deref().map(quoted);
        let passes = move |canvas: &Canvas, slot: Slot| {
            let Some(it) = canvas.get(slot) else { return false };
            filter.status.as_ref().is_none_or(|status| it.status == *status)
                && filter.model.as_ref().is_none_or(|model| model_of(it) == Some(model.as_str()))
                && skill.as_ref().is_none_or(|skill| has_skill(it, skill))
                && filter.team.as_ref().is_none_or(|team| is_inside(canvas, slot, team))
                && words.iter().all(|word| says(it, word))
        };
        Some(FilterQuery { passes: Box::new(passes), asks_for_team })
    }
}

pub fn model_of(it: &Workspace) -> Option<&str> {
    it.agent.as_ref().map(|agent| agent.model.as_str()).filter(|model| !model.is_empty())
}

/// The skills of a card as its JSON writes them, between the quotes: a hundred thousand cards are not parsed for one question.
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
    std::iter::successors(Some(slot), |slot| canvas.parent(*slot)).any(|up| up == team)
}

fn has_skill(it: &Workspace, quoted: &str) -> bool {
    it.agent_card.as_ref().is_some_and(|card| skills_of(card).any(|skill| skill == quoted))
}

/// What its words are looked for in: what is its own, and what many say alike.
pub fn own(it: &Workspace) -> impl Iterator<Item = &str> {
    [Some(it.name.as_str()), it.current_task.as_deref(), Some(it.id.as_str())].into_iter().flatten()
}

pub fn alike(it: &Workspace) -> impl Iterator<Item = &str> {
    [it.role.as_deref(), model_of(it)].into_iter().flatten().chain(it.agent_card.iter().flat_map(skills_of))
}

fn says(it: &Workspace, word: &str) -> bool {
    own(it).chain(alike(it)).any(|text| holds(text, word))
}

/// Ignores large and small. `word` is small already.
fn holds(text: &str, word: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(word);
    }
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let Some(first) = word.first() else { return true };
    let Some(last) = text.len().checked_sub(word.len()) else { return false };
    (0..=last).any(|at| text[at].to_ascii_lowercase() == *first && text[at..at + word.len()].eq_ignore_ascii_case(word))
}

/// As canonical JSON writes it inside a string.
fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json[1..json.len() - 1].to_owned()
}

/// Walks over an array's text: its strings, and of its objects the `name`, or else the `id`. Keys are sorted, so an
/// `id` comes first and a `name` of the same object takes its place only where both are asked for: both are told.
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
            let sign = self.text.as_bytes()[at];
            self.text = &self.text[at + 1..];
            match sign {
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' if self.depth == 0 => {
                    self.text = "";
                    return None;
                }
                b']' | b'}' => self.depth -= 1,
                _ => {
                    let (string, rest) = closed(self.text)?;
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

/// Up to the quote that ends a string, and what comes after it.
fn closed(text: &str) -> Option<(&str, &str)> {
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
