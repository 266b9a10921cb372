//! Texts of cards, teams and tooltips: what they say about a workspace in words.

use orrery_protocol::{Status, WorkspaceId};

use crate::store::{NodeDetails, NodeHealth};
use crate::ui::time::{format_stopwatch, format_time_of_day_short};

/// How many skills a card names.
const MAX_SKILLS: usize = 4;
/// How many it names while a task takes one of their two rows.
const MAX_SKILLS_BESIDE_TASK: usize = 2;
/// A wait is counted from here on, in milliseconds: most end earlier, and a clock would only flicker.
const SHOWN_WAIT: i64 = 10_000;

/// Returns the name of a workspace, or its id if it has none.
pub(super) fn display_name(name: &str, id: &WorkspaceId) -> String {
    if name.is_empty() { id.to_string() } else { name.to_owned() }
}

pub(super) fn tier(tier: u8) -> String {
    format!("T{tier}")
}

/// Returns the status in words, with its duration or its time where that matters. `since` and `now` are in milliseconds since
/// 1970; `now` is called only where it is needed, so that the caller depends on the clock only then.
pub(super) fn status(status: &Status, since: i64, now: impl Fn() -> i64) -> String {
    match status {
        Status::Provisioning if since > 0 => match now() - since {
            ..SHOWN_WAIT => status.to_string(),
            wait => format!("provisioning for {}", format_stopwatch(wait)),
        },
        Status::Offline if since > 0 => format!("offline since {}", format_time_of_day_short(since, now())),
        _ => status.to_string(),
    }
}

/// Returns the role and the model of the agent, as far as they are known: "analyst · gpt-5".
pub(super) fn role_and_model(details: &NodeDetails) -> String {
    let role = details.role.as_deref().unwrap_or_default();
    let model = details.model.as_deref().unwrap_or_default();
    let separator = if role.is_empty() { "" } else { " · " };
    format!("{role}{separator}{model}")
}

/// Returns the first skills and how many more there are, or None without skills.
pub(super) fn skills(skills: &[String], is_beside_task: bool) -> Option<String> {
    let most = if is_beside_task { MAX_SKILLS_BESIDE_TASK } else { MAX_SKILLS };
    let named = skills.iter().take(most).map(String::as_str).collect::<Vec<_>>().join(" · ");
    let label = match skills.len().saturating_sub(most) {
        0 => named,
        more => format!("{named}  +{more}"),
    };
    (!skills.is_empty()).then_some(label)
}

/// Returns why a workspace is failed or degraded, or None if it is neither.
pub(super) fn problem(health: &NodeHealth) -> Option<String> {
    match health.status {
        Status::Failed => Some(health.failure.clone().unwrap_or_else(|| "No reason given".into())),
        Status::Degraded => {
            let rate = format!("{}% errors", (health.error_rate * 100.0).round() as i64);
            Some(health.sample_error.as_ref().map_or(rate.clone(), |error| format!("{rate}: {error}")))
        }
        _ => None,
    }
}

/// Returns what a screen reader says of an item of the tree: name, status, problem and task.
pub(super) fn accessible_name(name: &str, health: &NodeHealth, task: Option<&str>) -> String {
    let problem = problem(health).map(|problem| format!(", {problem}")).unwrap_or_default();
    let task = task.map(|task| format!(", task: {task}")).unwrap_or_default();
    format!("{name}, {}{problem}{task}", health.status)
}

#[cfg(test)]
mod tests {
    use orrery_protocol::Workspace;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn counts_a_wait_that_is_long() {
        assert_eq!(status(&Status::Provisioning, 1_000, || 5_000), "provisioning");
        assert_eq!(status(&Status::Provisioning, 1_000, || 81_000), "provisioning for 1:20");
        assert_eq!(status(&Status::Online, 1_000, || unreachable!("an online card needs no clock")), "online");
    }

    #[wasm_bindgen_test]
    fn names_the_first_skills_and_counts_the_rest() {
        let all: Vec<String> = ["a", "b", "c", "d", "e", "f"].map(String::from).into();
        assert_eq!(skills(&all, false).unwrap(), "a · b · c · d  +2");
        assert_eq!(skills(&all, true).unwrap(), "a · b  +4");
        assert_eq!(skills(&all[..2], true).unwrap(), "a · b");
        assert_eq!(skills(&[], false), None);
    }

    #[wasm_bindgen_test]
    fn states_a_degradation_with_its_rate() {
        let mut workspace = Workspace::new(WorkspaceId::parse("w").unwrap());
        workspace.status = Status::Degraded;
        workspace.last_error_rate = 0.87;
        workspace.last_sample_error = Some("rate limit".into());
        assert_eq!(problem(&NodeHealth::from(&workspace)).unwrap(), "87% errors: rate limit");
        workspace.status = Status::Online;
        assert_eq!(problem(&NodeHealth::from(&workspace)), None);
    }
}
