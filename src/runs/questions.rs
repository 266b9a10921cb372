//! What waits for a person: one question a step, with its two answers. Never pretends: an answer is said to be given
//! only when the events show it.

use orrery_protocol::{RunStatus, Step};

use super::looks;
use super::view::{Scene, button, mark};
use super::watched::Asked;
use crate::session::RunRef;
use crate::ui::written::{Part, Words};

/// Each in its place, so that none takes another's buttons over.
pub(super) fn questions(scene: &Scene<'_>) -> Vec<Option<Part>> {
    let is_open = !scene.it.status.is_terminal() && !scene.told.is_elsewhere;
    let waits = |step: &Step| is_open && step.status == RunStatus::WaitingApproval;
    scene.it.steps.iter().map(|step| waits(step).then(|| question(scene, step))).collect()
}

fn question(scene: &Scene<'_>, step: &Step) -> Part {
    let name = looks::step_name(step);
    let title = scene.told.titles.iter().find(|(id, _)| *id == step.step_id).map(|(_, title)| title.clone());
    let asked = match &scene.told.asked {
        Asked::Decide { step: of, approved } if *of == step.step_id => Some(*approved),
        _ => None,
    };
    let is_asked = || asked.is_some().then_some(Words::Borrowed("true"));
    let yes = button("approve", if asked == Some(true) { "Approving…" } else { "Approve" });
    let no = button("reject", if asked == Some(false) { "Rejecting…" } else { "Reject" });
    let words = vec![
        Some(Part::new("p", "run-asks").words(title.unwrap_or_else(|| "Go on?".to_owned()))),
        Some(Part::new("p", "").words(match scene.of {
            RunRef::Execution(_) => format!("“{name}” waits for your approval."),
            RunRef::Run(_) => "The task waits for your approval.".to_owned(),
        })),
    ];
    Part::new("div", "run-question")
        .with("role", "group")
        .with("aria-label", format!("{name} waits for approval"))
        .with("data-step-id", step.step_id.to_string())
        .parts(vec![
            mark("waiting_approval"),
            Some(Part::new("div", "run-words").parts(words)),
            Some(Part::new("div", "actions").parts(vec![
                Some(yes.with("data-tone", "primary").maybe("aria-disabled", is_asked())),
                Some(no.maybe("aria-disabled", is_asked())),
            ])),
        ])
}
