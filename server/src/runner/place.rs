//! Which workspace fits an agent step's requirements. Never asks whether it answers.

use orrery_model::Canvas;
use orrery_protocol::workflow::AgentRequirements;
use orrery_protocol::{Status, Workspace, WorkspaceId};

/// One that is online, has an address and meets all of it: the least busy, then the first by id.
pub(super) fn fitting(canvas: &Canvas, wanted: &AgentRequirements) -> Option<WorkspaceId> {
    let rows = canvas.iter().map(|(_, row)| row).filter(|row| meets(row, wanted));
    rows.min_by_key(|row| (row.active_tasks, row.id.clone())).map(|row| row.id.clone())
}

fn meets(row: &Workspace, wanted: &AgentRequirements) -> bool {
    let role =
        wanted.role.as_ref().is_none_or(|role| row.role.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(role)));
    let able = || {
        let skills = row.agent_card.as_ref().map(|card| card.skills()).unwrap_or_default();
        wanted.skills.iter().all(|skill| skills.iter().any(|it| it.eq_ignore_ascii_case(skill)))
    };
    row.status == Status::Online && row.url.is_some() && role && (wanted.skills.is_empty() || able())
}
