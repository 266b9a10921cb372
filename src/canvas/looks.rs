//! What a card says about a workspace, in words. Never where or how it is drawn.

use orrery_protocol::{Status, Workspace};

use crate::ui::moment::{clock_short, stopwatch};

/// More would be a list, not a hint.
const SKILLS: usize = 4;
/// Sooner, a clock would only flicker.
const WORTH_COUNTING: i64 = 10_000;

pub(super) fn name(it: &Workspace) -> String {
    if it.name.is_empty() { it.id.to_string() } else { it.name.clone() }
}

/// The status in words. `now` is asked only where it is needed: it ticks.
pub(super) fn status(status: &Status, since: i64, now: impl Fn() -> i64) -> String {
    match status {
        Status::Provisioning if since > 0 => match now() - since {
            ..WORTH_COUNTING => status.to_string(),
            waited => format!("provisioning for {}", stopwatch(waited)),
        },
        Status::Offline if since > 0 => format!("offline since {}", clock_short(since, now())),
        _ => status.to_string(),
    }
}

/// Role and model; and whether there is no agent.
pub(super) fn line(it: &Workspace) -> (String, bool) {
    let role = it.role.as_deref().unwrap_or_default();
    let model = it.agent.as_ref().map_or("", |agent| &agent.model);
    let between = if role.is_empty() { "" } else { " · " };
    (format!("{role}{between}{model}"), model.is_empty())
}

/// Up to four skills, and how many more there are. A task leaves room for two.
pub(super) fn skills(it: &Workspace) -> Option<String> {
    let mut skills = it.agent_card.as_ref().map(|card| card.skills()).unwrap_or_default();
    let room = if it.current_task.is_some() { SKILLS / 2 } else { SKILLS };
    let more = skills.len().saturating_sub(room);
    skills.truncate(room);
    let more = if more > 0 { format!("  +{more}") } else { String::new() };
    (!skills.is_empty()).then(|| skills.join(" · ") + &more)
}

/// What is wrong: why it failed, or what goes wrong how often.
pub(super) fn trouble(it: &Workspace) -> Option<String> {
    match it.status {
        Status::Failed => Some(it.failure.clone().unwrap_or_else(|| "it failed without a reason".into())),
        Status::Degraded => {
            let rate = format!("{} % errors", (it.last_error_rate * 100.0).round() as i64);
            Some(it.last_sample_error.as_ref().map_or(rate.clone(), |error| format!("{rate}: {error}")))
        }
        _ => None,
    }
}

pub(super) fn spoken(it: &Workspace) -> String {
    let task = it.current_task.as_ref().map(|task| format!(", task: {task}")).unwrap_or_default();
    let trouble = trouble(it).map(|trouble| format!(", {trouble}")).unwrap_or_default();
    format!("{}, {}{trouble}{task}", name(it), it.status)
}

#[cfg(test)]
mod tests {
    use orrery_protocol::WorkspaceId;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_wait_is_counted_after_a_while() {
        assert_eq!(status(&Status::Provisioning, 1_000, || 5_000), "provisioning");
        assert_eq!(status(&Status::Provisioning, 1_000, || 81_000), "provisioning for 1:20");
        assert_eq!(status(&Status::Online, 1_000, || unreachable!("an online card needs no clock")), "online");
    }

    #[wasm_bindgen_test]
    fn four_skills_and_the_rest_as_a_number() {
        let mut it = Workspace::new(WorkspaceId::parse("w").unwrap());
        it.agent_card = serde_json::from_str(r#"{"skills":["a",{"name":"b"},{"id":"c"},"d","e","f"]}"#).ok();
        assert_eq!(skills(&it).unwrap(), "a · b · c · d  +2");
    }

    #[wasm_bindgen_test]
    fn trouble_is_said_with_its_rate() {
        let mut it = Workspace::new(WorkspaceId::parse("w").unwrap());
        it.status = Status::Degraded;
        it.last_error_rate = 0.87;
        it.last_sample_error = Some("rate limit".into());
        assert_eq!(trouble(&it).unwrap(), "87 % errors: rate limit");
        it.status = Status::Online;
        assert_eq!(trouble(&it), None);
    }
}
