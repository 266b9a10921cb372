//! What runs in a workspace and how its agent says it is: small marks. Never the executions themselves.

use leptos::prelude::*;

use crate::fleet::{AgentMark, Work};

pub(super) fn work_marks(work: &Work) -> impl IntoView + use<> {
    let agent = match &work.agent {
        AgentMark::Calm => None,
        AgentMark::Busy => Some(("busy", None, None)),
        AgentMark::Error(words) => Some(("error", Some("danger"), Some(words.clone()))),
    };
    let chip = (work.running > 0).then(|| {
        let (done, steps) = (work.done, work.steps);
        let title = format!("{} running, {done} of {steps} steps done", work.running);
        let part = f64::from(done) / f64::from(steps.max(1)) * 100.0;
        view! {
            <span class="badge card-run" title=title style:--done=format!("{part}%")>
                {format!("{done}/{steps}")}
            </span>
        }
    });
    let agent = agent.map(|(word, tone, title)| {
        view! {
            <span class="badge" data-tone=tone title=title>
                {word}
            </span>
        }
    });
    (agent, chip)
}
