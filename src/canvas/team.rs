//! A workspace with its children inside: a tinted ground with a head. Takes its own signals, and nothing of the world.

use orrery_protocol::Workspace;

use super::card::{Seen, counted, cut, problems, toggle};
use super::looks;
use super::reason::reason;
use super::work::work_marks;
use crate::store::{NodeActivity, TeamSummary};
use crate::ui::written::Part;
use orrery_layout::{Size, decimal};

pub(super) fn team(it: &Workspace, seen: &Seen, family: TeamSummary, work: &NodeActivity) -> Part {
    let [agent, running] = work_marks(work);
    let head = Part::new("header", "team-head").parts(vec![
        Some(toggle(&looks::name(it), false)),
        Some(Part::new("i", "mark").with("data-status", it.status.to_string())),
        Some(cut("team-name", looks::name(it))),
        Some(Part::new("span", "card-tier").words(format!("T{}", it.tier))),
        it.current_task.clone().map(|task| cut("task card-task", task)),
        agent,
        running,
        reason(it, seen.is_asking, "team-reason"),
        problems(family.problems),
        counted("children", family.children, "workspace inside", "workspaces inside"),
    ]);
    let Size { width, height } = seen.place.rect.size;
    seen.on(Part::new("div", "team"), it)
        .with("data-depth", seen.place.depth.to_string())
        .with("aria-expanded", "true")
        .style("width", format!("{}px", decimal(width)))
        .style("height", format!("{}px", decimal(height)))
        .parts(vec![Some(head)])
}
