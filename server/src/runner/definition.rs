//! A workflow whose every rule was checked: names, dependencies, settings. Never a running one.

mod work;

use std::collections::HashMap;

use orrery_protocol::Workflow;
pub use orrery_protocol::workflow::RunIf;
use orrery_protocol::workflow::StepDefinition;
use serde_json::{Map, Value};

use super::condition::{BadCondition, Condition};
use super::variables::Variables;
pub use work::{Place, Work};

const MOST_STEPS: usize = 200;
const LONGEST_NAME: usize = 128;
const MOST_RETRIES: u32 = 20;
/// An agent or an endpoint that never answers must not hold an execution for ever. A step may say otherwise.
const AGENT_TIMEOUT: Millis = 30 * 60 * 1000;
const HTTP_TIMEOUT: Millis = 60 * 1000;
/// A year: more than any timer here needs, and far from overflow.
const LONGEST_SECONDS: f64 = 366.0 * 86_400.0;

#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    pub workflow: Workflow,
    pub timeout: Option<Millis>,
    pub steps: Vec<Step>,
}

pub type Millis = i64;

/// The checked form of the workflow's step at the same place.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub name: String,
    pub work: Work,
    /// Places of steps.
    pub depends_on: Vec<usize>,
    pub run_if: RunIf,
    pub condition: Option<Condition>,
    pub timeout: Option<Millis>,
    pub max_retries: u32,
    pub backoff: Millis,
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BadDefinition {
    #[error("a workflow needs a name of 1 to {LONGEST_NAME} characters")]
    Name,
    #[error("a workflow has 1 to {MOST_STEPS} steps, not {0}")]
    StepCount(usize),
    #[error("step {0} needs a name of 1 to {LONGEST_NAME} characters")]
    StepName(usize),
    #[error("two steps are named `{0}`")]
    DuplicateStep(String),
    #[error("step `{step}` depends on `{dependency}`, which is not a step of this workflow")]
    UnknownDependency { step: String, dependency: String },
    #[error("the steps wait for each other in a circle: {}", .0.join(" → "))]
    Cycle(Vec<String>),
    #[error("step `{step}`: condition_expression {error}")]
    Condition { step: String, error: BadCondition },
    #[error("step `{step}`: {reason}")]
    Step { step: String, reason: String },
    #[error("two variables are named `{0}`")]
    DuplicateVariable(String),
    #[error("timeout_seconds is a positive number of at most a year, not {0}")]
    Timeout(f64),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the variable `{0}` is required")]
pub struct MissingVariable(String);

impl Definition {
    /// Ids must have been given already: they are not this file's business.
    pub fn check(workflow: Workflow) -> Result<Self, BadDefinition> {
        if !name_fits(&workflow.name) {
            return Err(BadDefinition::Name);
        }
        if workflow.steps.is_empty() || workflow.steps.len() > MOST_STEPS {
            return Err(BadDefinition::StepCount(workflow.steps.len()));
        }
        let mut names = std::collections::HashSet::new();
        for variable in &workflow.variables {
            if !names.insert(&*variable.name) {
                return Err(BadDefinition::DuplicateVariable(variable.name.clone()));
            }
        }
        let places = places(&workflow.steps)?;
        let steps = workflow.steps.iter().map(|step| check_step(step, &places)).collect::<Result<Vec<_>, _>>()?;
        if let Some(circle) = cycle(&steps) {
            return Err(BadDefinition::Cycle(circle));
        }
        let timeout = workflow.timeout_seconds.map(|it| millis(it).ok_or(BadDefinition::Timeout(it))).transpose()?;
        Ok(Self { workflow, timeout, steps })
    }

    /// What an execution begins with: the given values over the defaults. What is not declared may be given too.
    pub fn variables(&self, mut given: Map<String, Value>) -> Result<Variables, MissingVariable> {
        for variable in &self.workflow.variables {
            match (given.contains_key(&variable.name), &variable.default, variable.required) {
                (true, _, _) => {}
                (false, None, true) => return Err(MissingVariable(variable.name.clone())),
                (false, default, _) => {
                    given.insert(variable.name.clone(), default.clone().unwrap_or_default());
                }
            }
        }
        Ok(Variables::new(given))
    }
}

fn name_fits(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME
}

fn places(steps: &[StepDefinition]) -> Result<HashMap<&str, usize>, BadDefinition> {
    let mut places = HashMap::new();
    for (place, step) in steps.iter().enumerate() {
        if !name_fits(&step.name) {
            return Err(BadDefinition::StepName(place + 1));
        }
        if places.insert(&*step.name, place).is_some() {
            return Err(BadDefinition::DuplicateStep(step.name.clone()));
        }
    }
    Ok(places)
}

fn check_step(step: &StepDefinition, places: &HashMap<&str, usize>) -> Result<Step, BadDefinition> {
    let wrong = |reason: String| BadDefinition::Step { step: step.name.clone(), reason };
    let unknown =
        |name: &String| BadDefinition::UnknownDependency { step: step.name.clone(), dependency: name.clone() };
    let mut depends_on = Vec::with_capacity(step.depends_on_steps.len());
    for name in &step.depends_on_steps {
        let place = *places.get(&**name).ok_or_else(|| unknown(name))?;
        if !depends_on.contains(&place) {
            depends_on.push(place);
        }
    }
    if step.run_if == RunIf::AnySucceeded && depends_on.is_empty() {
        return Err(wrong("run_if any_succeeded needs depends_on_steps".into()));
    }
    if step.max_retries > MOST_RETRIES {
        return Err(wrong(format!("max_retries is at most {MOST_RETRIES}, not {}", step.max_retries)));
    }
    let seconds = |name: &str, value: Option<f64>| {
        let read =
            |it| millis(it).ok_or_else(|| wrong(format!("{name} is a positive number of at most a year, not {it}")));
        value.map(read).transpose()
    };
    let condition = step.condition_expression.as_deref().filter(|text| !text.trim().is_empty());
    let condition = condition
        .map(Condition::read)
        .transpose()
        .map_err(|error| BadDefinition::Condition { step: step.name.clone(), error })?;
    let work = Work::read(step, condition.is_some()).map_err(wrong)?;
    let usual = match work {
        Work::Agent { .. } => Some(AGENT_TIMEOUT),
        Work::Http { .. } => Some(HTTP_TIMEOUT),
        Work::Condition | Work::Approval { .. } | Work::Wait { .. } => None,
    };
    Ok(Step {
        name: step.name.clone(),
        work,
        depends_on,
        run_if: step.run_if,
        condition,
        timeout: seconds("timeout_seconds", step.timeout_seconds)?.or(usual),
        max_retries: step.max_retries,
        backoff: seconds("retry_backoff_seconds", step.retry_backoff_seconds)?.unwrap_or(1000),
    })
}

fn millis(seconds: f64) -> Option<Millis> {
    (seconds > 0.0 && seconds <= LONGEST_SECONDS).then_some(((seconds * 1000.0) as Millis).max(1))
}

/// The names along one circle of dependencies, the first again at the end.
fn cycle(steps: &[Step]) -> Option<Vec<String>> {
    // What remains when every step whose dependencies are gone is taken away, again and again, lies on or behind a circle.
    let mut left: Vec<bool> = vec![true; steps.len()];
    while let Some(free) = (0..steps.len()).find(|&at| left[at] && !steps[at].depends_on.iter().any(|&it| left[it])) {
        left[free] = false;
    }
    let mut path: Vec<usize> = vec![left.iter().position(|&it| it)?];
    loop {
        let last = *path.last().expect("the path begins with a step");
        let next = *steps[last].depends_on.iter().find(|&&it| left[it]).expect("what remains waits for what remains");
        if let Some(start) = path.iter().position(|&it| it == next) {
            let circle = path[start..].iter().chain([&next]);
            return Some(circle.map(|&at| steps[at].name.clone()).collect());
        }
        path.push(next);
    }
}

#[cfg(test)]
mod tests;
