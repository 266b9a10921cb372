//! One agent of the show. Never the agenda.

use orrery_protocol::WorkspaceId;
use serde_json::{Value, json};

use super::Millis;

#[derive(Debug, Clone)]
pub struct Player {
    pub id: WorkspaceId,
    pub name: String,
    pub role: &'static str,
    pub skills: &'static [&'static str],
    /// Its parent's place.
    pub parent: Option<usize>,
    pub mood: Mood,
    /// What it works on, the latest last.
    pub tasks: Vec<String>,
    pub arrived: Option<Millis>,
    /// When its next regular heartbeat is booked for.
    pub(super) next_heartbeat: Millis,
    /// Was seen as failed while it never started.
    pub failed: bool,
    /// Part of an expansion: goes when that collapses.
    pub passing: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Well,
    Silent,
    Failing(&'static str),
    /// Does not register until somebody presses Retry.
    NeverStarts,
    Gone,
}

impl Mood {
    pub fn is_at_work(self) -> bool {
        matches!(self, Self::Well | Self::Failing(_))
    }
}

impl Player {
    pub fn new(
        id: WorkspaceId,
        name: String,
        role: &'static str,
        skills: &'static [&'static str],
        parent: Option<usize>,
    ) -> Self {
        Self {
            id,
            name,
            role,
            skills,
            parent,
            mood: Mood::Well,
            tasks: Vec::new(),
            arrived: None,
            next_heartbeat: 0,
            failed: false,
            passing: false,
        }
    }

    pub(super) fn card(&self) -> Value {
        json!({ "name": self.name, "version": "1.0.0", "description": format!("{} of the demo fleet", self.role),
                "skills": self.skills, "capabilities": { "streaming": false } })
    }

    pub(super) fn heartbeat(&self, now: Millis) -> Value {
        let (rate, error) = if let Mood::Failing(error) = self.mood { (0.62, error) } else { (0.0, "") };
        json!({ "workspace_id": self.id, "error_rate": rate, "sample_error": error, "active_tasks": self.tasks.len(),
                "uptime_seconds": now.saturating_sub(self.arrived.unwrap_or(now)) / 1000,
                "current_task": self.tasks.last().map_or("", String::as_str) })
    }
}
