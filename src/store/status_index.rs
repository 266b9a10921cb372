//! The status of every workspace in one byte each, so that the overview reads a hundred thousand without their records, and
//! for each team how many workspaces inside have which.

use std::collections::VecDeque;

use orrery_model::{Canvas, Changes, Slot};
use orrery_protocol::{Status, Workspace};

/// A status as the overview shows it, in the order of urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum OverviewStatus {
    #[default]
    Online,
    Offline,
    Other,
    /// Online with a task.
    Working,
    Provisioning,
    /// Offline with unfinished work, or the agent reports an error.
    Stuck,
    Degraded,
    Failed,
}

/// How many workspaces have each status, by `OverviewStatus`.
pub type StatusCounts = [u32; OverviewStatus::ALL.len()];

/// The statuses by slot.
#[derive(Default)]
pub struct StatusIndex {
    by_slot: Vec<OverviewStatus>,
    /// Of the workspaces inside each team, at any depth.
    by_team: TeamCounts,
    /// Counts the changes.
    revision: u64,
    /// The slots of the latest changes, the latest last.
    latest: VecDeque<Slot>,
}

/// How many changes are remembered one by one.
const LATEST_CAPACITY: usize = 64;

impl OverviewStatus {
    pub const ALL: [Self; 8] = [
        Self::Online,
        Self::Offline,
        Self::Other,
        Self::Working,
        Self::Provisioning,
        Self::Stuck,
        Self::Degraded,
        Self::Failed,
    ];

    /// Returns how a status is shown of a workspace with or without unfinished work, whose agent reports an error or not.
    pub fn new(status: &Status, has_work: bool, has_error: bool) -> Self {
        match Self::from(status) {
            Self::Offline if has_work => Self::Stuck,
            Self::Online if has_error => Self::Stuck,
            Self::Online if has_work => Self::Working,
            status => status,
        }
    }

    /// Returns the value of the `data-need` attribute, as the tokens `--need-…` name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "healthy",
            Self::Offline | Self::Other => "offline",
            Self::Working => "working",
            Self::Provisioning => "provisioning",
            Self::Stuck => "stuck",
            Self::Degraded => "degraded",
            Self::Failed => "failed",
        }
    }

    /// Returns the status of a workspace on a canvas, with its work and what its agent reports.
    fn of(canvas: &Canvas, workspace: &Workspace) -> Self {
        let has_work = workspace.current_task.is_some() || workspace.active_tasks > 0;
        let has_error = canvas.runs().agent_in(workspace).is_some_and(|agent| agent.status == "error");
        Self::new(&workspace.status, has_work, has_error)
    }

    /// Returns whether this is degraded or failed.
    pub fn is_problem(self) -> bool {
        self >= Self::Degraded
    }
}

impl From<&Status> for OverviewStatus {
    fn from(status: &Status) -> Self {
        match status {
            Status::Online => Self::Online,
            Status::Offline => Self::Offline,
            Status::Provisioning => Self::Provisioning,
            Status::Degraded => Self::Degraded,
            Status::Failed => Self::Failed,
            Status::Removed | Status::Other(_) => Self::Other,
        }
    }
}

impl StatusIndex {
    /// Returns the status of a workspace; `Online` for a slot that is not known.
    pub fn get(&self, slot: Slot) -> OverviewStatus {
        self.by_slot.get(slot.index()).copied().unwrap_or_default()
    }

    /// Returns a number that grows with each change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns the slots that changed after a revision, or `None` if that is too long ago.
    pub fn changed_since(&self, revision: u64) -> Option<Vec<Slot>> {
        let count = (self.revision - revision) as usize;
        let skipped = self.latest.len().checked_sub(count)?;
        Some(self.latest.iter().skip(skipped).copied().collect())
    }

    /// Reads the records that a frame has changed.
    pub fn update(&mut self, canvas: &Canvas, changes: &Changes, replaced: bool) {
        if replaced {
            self.by_slot.clear();
            canvas.iter().for_each(|(slot, workspace)| self.set(canvas, slot, workspace));
            self.count(canvas);
            self.latest.clear();
            self.revision += 1;
            return;
        }
        for slot in changes.added.iter().chain(&changes.updated).chain(&changes.marked) {
            canvas.get(*slot).into_iter().for_each(|workspace| self.set(canvas, *slot, workspace));
        }
        if changes.arrangement {
            self.count(canvas);
        }
    }

    /// Returns how many workspaces inside a team, at any depth, have which status.
    pub fn inside(&self, team: Slot) -> StatusCounts {
        self.by_team.get(team)
    }

    /// Counts the statuses inside all teams anew.
    fn count(&mut self, canvas: &Canvas) {
        self.by_team = TeamCounts::default();
        for (slot, _) in canvas.iter() {
            let status = self.get(slot);
            for team in teams_around(canvas, slot) {
                self.by_team.get_mut(team)[status as usize] += 1;
            }
        }
    }

    fn set(&mut self, canvas: &Canvas, slot: Slot, workspace: &Workspace) {
        if self.by_slot.len() <= slot.index() {
            self.by_slot.resize(slot.index() + 1, OverviewStatus::default());
        }
        let status = OverviewStatus::of(canvas, workspace);
        let before = std::mem::replace(&mut self.by_slot[slot.index()], status);
        if before != status {
            for team in teams_around(canvas, slot) {
                // A workspace that was not counted yet is, with all others, after this.
                let counts = self.by_team.get_mut(team);
                counts[before as usize] = counts[before as usize].saturating_sub(1);
                counts[status as usize] += 1;
            }
            self.revision += 1;
            self.latest.push_back(slot);
            if self.latest.len() > LATEST_CAPACITY {
                self.latest.pop_front();
            }
        }
    }
}

/// The counts of the teams, without room for workspaces that are none.
#[derive(Default)]
struct TeamCounts {
    /// By slot: one more than the index in `counts`; 0 for a workspace without any inside.
    indexes: Vec<u32>,
    counts: Vec<StatusCounts>,
}

impl TeamCounts {
    fn get(&self, team: Slot) -> StatusCounts {
        let index = self.indexes.get(team.index()).copied().unwrap_or_default() as usize;
        index.checked_sub(1).and_then(|index| self.counts.get(index)).copied().unwrap_or_default()
    }

    fn get_mut(&mut self, team: Slot) -> &mut StatusCounts {
        if self.indexes.len() <= team.index() {
            self.indexes.resize(team.index() + 1, 0);
        }
        let index = &mut self.indexes[team.index()];
        if *index == 0 {
            self.counts.push(StatusCounts::default());
            *index = self.counts.len() as u32;
        }
        &mut self.counts[*index as usize - 1]
    }
}

fn teams_around(canvas: &Canvas, slot: Slot) -> impl Iterator<Item = Slot> {
    std::iter::successors(canvas.parent(slot), |slot| canvas.parent(*slot))
}

#[cfg(test)]
mod tests {
    use orrery_protocol::WorkspaceId;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn statuses_follow_their_records_and_changes_are_remembered() {
        assert!(OverviewStatus::ALL.is_sorted());
        let row = |id: &str, status| {
            let mut workspace = Workspace::new(WorkspaceId::parse(id).unwrap());
            workspace.status = status;
            workspace
        };
        let canvas = Canvas::from_rows([row("a", Status::Failed), row("b", Status::from("asleep"))], 1);
        let slots: Vec<Slot> = canvas.iter().map(|(slot, _)| slot).collect();
        let mut statuses = StatusIndex::default();
        assert_eq!(statuses.get(slots[0]), OverviewStatus::Online);
        statuses.update(&canvas, &Changes { updated: vec![slots[1]], ..Changes::default() }, false);
        assert_eq!([statuses.get(slots[0]), statuses.get(slots[1])], [OverviewStatus::Online, OverviewStatus::Other]);
        let changes = statuses.revision();
        statuses.update(&canvas, &Changes { updated: vec![slots[1]], ..Changes::default() }, false);
        assert_eq!((statuses.revision(), statuses.changed_since(changes)), (changes, Some(vec![])));
        statuses.update(&canvas, &Changes::default(), true);
        assert!(statuses.revision() > changes);
        assert_eq!(statuses.changed_since(changes), None);
        assert_eq!([statuses.get(slots[0]), statuses.get(slots[1])], [OverviewStatus::Failed, OverviewStatus::Other]);
        let (changes, well) = (statuses.revision(), Canvas::from_rows([row("a", Status::Online)], 1));
        statuses.update(&well, &Changes { updated: vec![slots[0]], ..Changes::default() }, false);
        assert_eq!(statuses.changed_since(changes), Some(vec![slots[0]]));
    }

    #[wasm_bindgen_test]
    fn work_counts_in_the_status_and_teams_count_what_is_inside() {
        let row = |id: &str, parent: Option<&str>, status: Status, task: bool| {
            let mut workspace = Workspace::new(WorkspaceId::parse(id).unwrap());
            workspace.parent_id = parent.map(|parent| WorkspaceId::parse(parent).unwrap());
            (workspace.status, workspace.current_task) = (status, task.then(|| "task".to_owned()));
            workspace
        };
        let fleet = |task: bool, third: Status| {
            let rows = [
                row("region", None, Status::Online, false),
                row("squad", Some("region"), Status::Online, false),
                row("one", Some("squad"), Status::Online, task),
                row("two", Some("squad"), Status::Offline, true),
                row("three", Some("squad"), third, false),
            ];
            Canvas::from_rows(rows, 1)
        };
        let canvas = fleet(true, Status::Failed);
        let slots: Vec<Slot> = canvas.iter().map(|(slot, _)| slot).collect();
        let mut statuses = StatusIndex::default();
        statuses.update(&canvas, &Changes::default(), true);
        let counts = |statuses: &StatusIndex, team: usize| {
            let counts = statuses.inside(slots[team]);
            let of = |status: OverviewStatus| counts[status as usize];
            (
                of(OverviewStatus::Working),
                of(OverviewStatus::Stuck),
                of(OverviewStatus::Failed),
                of(OverviewStatus::Online),
            )
        };
        assert_eq!((counts(&statuses, 0), counts(&statuses, 1)), ((1, 1, 1, 1), (1, 1, 1, 0)));
        let calm = fleet(false, Status::Online);
        statuses.update(&calm, &Changes { updated: slots[2..].to_vec(), ..Changes::default() }, false);
        assert_eq!((counts(&statuses, 0), counts(&statuses, 1)), ((0, 1, 0, 3), (0, 1, 0, 2)));
        statuses.update(&calm, &Changes { arrangement: true, ..Changes::default() }, false);
        assert_eq!(counts(&statuses, 0), (0, 1, 0, 3), "counted anew as it was");
    }
}
