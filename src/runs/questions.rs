//! What waits for a person: one question a step, with its two answers. Never pretends: an answer is said to be given
//! only when the events show it.

use leptos::prelude::*;
use orrery_protocol::{RunStatus, Step};

use super::looks;
use super::view::Scene;
use super::watched::Asked;

pub(super) fn questions(scene: &Scene<'_>) -> Vec<AnyView> {
    let waits = |step: &&Step| step.status == RunStatus::WaitingApproval && !scene.it.status.is_terminal();
    scene.it.steps.iter().filter(waits).map(|step| question(scene, step)).collect()
}

fn question(scene: &Scene<'_>, step: &Step) -> AnyView {
    let name = looks::step_name(step);
    let title = scene.told.titles.iter().find(|(id, _)| *id == step.step_id).map(|(_, title)| title.clone());
    let asked = match &scene.told.asked {
        Asked::Decide { step: of, approved } if *of == step.step_id => Some(*approved),
        _ => None,
    };
    let answers = [
        ("approve", Some("primary"), if asked == Some(true) { "Approving…" } else { "Approve" }),
        ("reject", None, if asked == Some(false) { "Rejecting…" } else { "Reject" }),
    ];
    let answer = |(deed, tone, words): (&'static str, Option<&'static str>, &'static str)| {
        view! {
            <button
                type="button"
                class="button"
                data-deed=deed
                data-tone=tone
                aria-disabled=asked.is_some().then_some("true")
            >
                {words}
            </button>
        }
        .into_any()
    };
    let answers: Vec<AnyView> = answers.into_iter().map(answer).collect();
    view! {
        <div
            class="run-question"
            role="group"
            aria-label=format!("{name} waits for approval")
            data-step-id=step.step_id.to_string()
        >
            <i class="run-mark" data-run="waiting_approval"></i>
            <div class="run-words">
                <p class="run-asks">{title.unwrap_or_else(|| "Go on?".to_owned())}</p>
                <p>{format!("“{name}” waits for your approval.")}</p>
            </div>
            <div class="actions">{answers}</div>
        </div>
    }
    .into_any()
}
