//! What runs in a workspace and how its agent says it is: small marks. Never the executions themselves.

use crate::store::{AgentActivity, NodeActivity};
use crate::ui::written::{Part, Words};
use orrery_layout::decimal;

/// Of the agent, and of what runs.
pub(super) fn work_marks(work: &NodeActivity) -> [Option<Part>; 2] {
    let badge = |word: &'static str, tone: Option<&'static str>, title: Option<String>| {
        let badge = Part::new("span", "badge").maybe("data-tone", tone.map(Words::Borrowed));
        badge.maybe("title", title.map(Words::from)).words(word)
    };
    let agent = match &work.agent {
        AgentActivity::Idle => None,
        AgentActivity::Busy => Some(badge("busy", None, None)),
        AgentActivity::Error(words) => Some(badge("error", Some("danger"), Some(words.clone()))),
    };
    let running = || {
        let (done, steps) = (work.steps_done, work.steps_total);
        let title = format!("{} running, {done} of {steps} steps done", work.running_executions);
        let part = f64::from(done) / f64::from(steps.max(1)) * 100.0;
        let chip = Part::new("button", "badge card-run").with("type", "button").with("tabindex", "-1");
        let chip = chip.with("data-press", "runs");
        let chip = chip.with("title", title.clone()).with("aria-label", format!("{title}; show"));
        let alone = work
            .oldest_execution
            .as_ref()
            .filter(|_| work.running_executions == 1)
            .map(|id| Words::from(id.to_string()));
        let chip = chip.maybe("data-execution-id", alone).style("--done", decimal(part) + "%");
        chip.words(format!("{done}/{steps}"))
    };
    [agent, (work.running_executions > 0).then(running)]
}
