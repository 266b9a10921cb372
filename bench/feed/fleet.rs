//! A fleet of workspaces in teams of twelve, and a sequence of events about them: the same for the same size.

use fastrand::Rng;
use orrery_model::{Canvas, Changes};
use orrery_protocol::workspace_event::Provisioning;
use orrery_protocol::{
    AgentCard, AgentId, Event, EventEnvelope, Seq, Timestamp, WorkspaceChange, WorkspaceEvent, WorkspaceId,
};
use serde_json::json;

const TEAM: usize = 12;
const COLUMNS: usize = 4;
/// Distance from card to card; a card is 240 wide.
const CARD: (f64, f64) = (264.0, 168.0);
/// Distance between teams.
const GAP: f64 = 96.0;
const SEED: u64 = 1;

pub struct Fleet {
    pub canvas: Canvas,
    ids: Vec<WorkspaceId>,
    changes: Changes,
    random: Rng,
}

impl Fleet {
    pub fn new(size: usize) -> Self {
        let id = |index| WorkspaceId::parse(&format!("ws-{index:06}")).expect("letters and digits are an id");
        let ids: Vec<_> = (0..size).map(id).collect();
        let mut fleet = Self { canvas: Canvas::new(), ids, changes: Changes::default(), random: Rng::with_seed(SEED) };
        let teams_a_row = ((size.div_ceil(TEAM)) as f64).sqrt().ceil().max(1.0) as usize;
        for index in 0..size {
            fleet.provision(index, teams_a_row);
        }
        fleet
    }

    /// Returns the next event, applied, about one of these workspaces or of all: mostly a new task, sometimes a new status.
    pub fn next_event(&mut self, among: &[WorkspaceId]) -> EventEnvelope {
        let among = if among.is_empty() { &self.ids } else { among };
        let id = among[self.random.usize(..among.len())].clone();
        let change = match self.random.u32(..20) {
            0 => WorkspaceChange::Offline,
            1 => WorkspaceChange::Degraded { error_rate: Some(0.5), sample_error: Some("rate limit exceeded".into()) },
            2 | 3 => WorkspaceChange::Online { url: None, agent_card: None },
            kind => WorkspaceChange::TaskUpdated {
                current_task: Some(format!("Reading report {}", self.random.u32(..10_000))),
                active_tasks: kind % 4 + 1,
            },
        };
        self.apply(id, change)
    }

    fn provision(&mut self, index: usize, teams_a_row: usize) {
        let (team, index_in_team) = (index / TEAM, index % TEAM);
        let corner = (
            (team % teams_a_row) as f64 * (COLUMNS as f64 * CARD.0 + GAP),
            (team / teams_a_row) as f64 * ((TEAM / COLUMNS) as f64 * CARD.1 + GAP),
        );
        let id = self.ids[index].clone();
        self.apply(
            id.clone(),
            WorkspaceChange::Provisioning(Provisioning {
                name: format!("Analyst {index}"),
                tier: (index % 4 + 1) as u8,
                role: Some("Reads the quarterly reports".into()),
                parent_id: (index_in_team > 0).then(|| self.ids[index - index_in_team].clone()),
                x: Some(corner.0 + (index_in_team % COLUMNS) as f64 * CARD.0),
                y: Some(corner.1 + (index_in_team / COLUMNS) as f64 * CARD.1),
                ..Provisioning::default()
            }),
        );
        let skills = json!({"name": format!("Analyst {index}"), "skills": ["read", "summarise", "compare"]});
        let agent_card = skills.as_object().cloned().map(AgentCard::new);
        let url = Some(format!("http://127.0.0.1/{id}"));
        self.apply(id.clone(), WorkspaceChange::Online { url, agent_card });
        let agent_id = AgentId::parse(&format!("agent-{index}")).expect("letters and digits are an id");
        self.apply(id, WorkspaceChange::AgentAssigned { agent_id, model: "anthropic:claude-sonnet-4-6".into() });
    }

    fn apply(&mut self, workspace_id: WorkspaceId, change: WorkspaceChange) -> EventEnvelope {
        let seq: Seq = self.canvas.seq() + 1;
        let timestamp = Timestamp::from_millis(1_767_225_600_000 + seq as i64);
        let event = Event::Workspace(WorkspaceEvent { workspace_id, timestamp, change });
        let logged = EventEnvelope { seq: Some(seq), event };
        self.canvas.apply(&logged, &mut self.changes);
        self.changes.clear();
        logged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fleet_has_teams_of_twelve_and_events_in_sequence() {
        let mut fleet = Fleet::new(30);
        assert_eq!((fleet.canvas.len(), fleet.canvas.roots().len()), (30, 3));
        let (first, second) = (fleet.next_event(&[]), fleet.next_event(&[]));
        assert_eq!(first.seq.map(|seq| seq + 1), second.seq);
    }

    #[test]
    fn events_are_about_requested_workspaces_only() {
        let mut fleet = Fleet::new(30);
        let some = [fleet.ids[3].clone()];
        let Event::Workspace(event) = fleet.next_event(&some).event else { panic!("not about a workspace") };
        assert_eq!(event.workspace_id, some[0]);
    }
}
