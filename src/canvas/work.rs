//! What runs in a workspace and how its agent says it is: small marks. Never the executions themselves.

use leptos::prelude::*;

use crate::fleet::{AgentMark, Work};

#[component]
pub(super) fn WorkMarks(work: ArcReadSignal<Work>) -> impl IntoView {
    let agent = Memo::new({
        let work = work.clone();
        move |_| work.with(|work| work.agent.clone())
    });
    let progress = Memo::new(move |_| work.with(|work| (work.running, work.done, work.steps)));
    let mark = move || match agent.get() {
        AgentMark::Calm => None,
        AgentMark::Busy => Some(view! { <span class="badge">"busy"</span> }.into_any()),
        AgentMark::Error(words) => Some(
            view! {
                <span class="badge" data-tone="danger" title=words>
                    "error"
                </span>
            }
            .into_any(),
        ),
    };
    let chip = move || {
        let (running, done, steps) = progress.get();
        let words = format!("{running} running, {done} of {steps} steps done");
        let part = f64::from(done) / f64::from(steps.max(1)) * 100.0;
        (running > 0).then(|| {
            view! {
                <span class="badge card-run" title=words style:--done=format!("{part}%")>
                    {format!("{done}/{steps}")}
                </span>
            }
        })
    };
    view! {
        {mark}
        {chip}
    }
}
