//! A random log, and for each of its events who may hear it, by brute force. Never the hub's own idea of it.

use orrery_model::visibility::can_communicate;

use super::*;

/// What a server that keeps the laws of the tree can come to say.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Provision { parent: Option<usize> },
    Move { child: usize, parent: Option<usize> },
    Remove { workspace: usize },
    Task { workspace: usize },
    Update { workspace: usize },
    AgentMoves { from: usize, to: usize },
    Run,
}

/// A log in the making, and the plain rule beside it.
#[derive(Default)]
pub(super) struct Story {
    canvas: Canvas,
    born: usize,
    pub(super) events: Vec<Event>,
    /// Who could communicate with the subject of each event, by brute force.
    pub(super) heard: Vec<Vec<WorkspaceId>>,
}

impl Story {
    pub(super) fn tell(steps: &[Step]) -> Self {
        let mut story = Self::default();
        steps.iter().for_each(|step| story.step(step));
        story
    }

    fn step(&mut self, step: &Step) {
        let alive = |wish: usize, canvas: &Canvas, born: usize| {
            let alive: Vec<usize> = (0..born).filter(|number| canvas.find(&id(*number)).is_some()).collect();
            (!alive.is_empty()).then(|| alive[wish % alive.len()])
        };
        let find = |wish: &usize| alive(*wish, &self.canvas, self.born);
        match step {
            Step::Provision { parent } => {
                let parent_id = parent.as_ref().and_then(find).map(id);
                let change = WorkspaceChange::Provisioning(Provisioning { parent_id, ..Provisioning::default() });
                self.born += 1;
                self.happen(event(self.born - 1, change));
            }
            Step::Move { child, parent } => {
                let Some(child) = find(child) else { return };
                let parent = parent.as_ref().and_then(find);
                let slot = |number: usize| self.canvas.find(&id(number)).unwrap();
                if parent.is_some_and(|parent| self.canvas.would_cycle(slot(child), slot(parent))) {
                    return;
                }
                let old_parent_id = self.canvas.workspace(&id(child)).unwrap().parent_id.clone();
                self.happen(event(child, WorkspaceChange::Moved { old_parent_id, new_parent_id: parent.map(id) }));
            }
            Step::Remove { workspace } => {
                let Some(workspace) = find(workspace) else { return };
                self.remove(&id(workspace));
            }
            Step::Task { workspace } => {
                let Some(workspace) = find(workspace) else { return };
                self.happen(event(workspace, WorkspaceChange::TaskUpdated { current_task: None, active_tasks: 1 }));
            }
            Step::Update { workspace } => {
                let Some(workspace) = find(workspace) else { return };
                self.happen(event(workspace, WorkspaceChange::Updated(Default::default())));
            }
            Step::AgentMoves { from, to } => {
                let (Some(from), Some(to)) = (find(from), find(to)) else { return };
                let agent_id = "agent".parse().unwrap();
                self.happen(event(from, WorkspaceChange::AgentMoved { agent_id, from: id(from), to: id(to) }));
            }
            Step::Run => {
                let run = RunEvent {
                    workspace_id: Some(id(0)),
                    ..RunEvent::new(RunEventKind::Progress, Timestamp::default())
                };
                self.happen(Event::Run(run));
            }
        }
    }

    /// Children first.
    fn remove(&mut self, workspace: &WorkspaceId) {
        let slot = self.canvas.find(workspace).unwrap();
        let children: Vec<_> = self.canvas.children(slot).to_vec();
        for child in children {
            let child = self.canvas.get(child).unwrap().id.clone();
            self.remove(&child);
        }
        let number: usize = workspace.as_str()[1..].parse().unwrap();
        self.happen(event(number, WorkspaceChange::Removed { forwarded_to: None, cascade_deleted: Vec::new() }));
    }

    fn happen(&mut self, event: Event) {
        let mut heard = Vec::new();
        if let Event::Workspace(it) = &event {
            let counts_before = matches!(it.change, WorkspaceChange::Moved { .. } | WorkspaceChange::Removed { .. });
            if counts_before {
                heard.extend(reach(&self.canvas, &it.workspace_id));
            }
            self.canvas.fold(&event, &mut Changes::default());
            if !matches!(it.change, WorkspaceChange::Removed { .. }) {
                heard.extend(reach(&self.canvas, &it.workspace_id));
            }
            if let WorkspaceChange::AgentMoved { to, .. } = &it.change {
                heard.extend(reach(&self.canvas, to));
            }
        }
        heard.sort();
        heard.dedup();
        self.heard.push(heard);
        self.events.push(event);
    }

    pub(super) fn deliver(&self, hub: &Hub, range: std::ops::Range<usize>) {
        for at in range {
            hub.deliver([Arc::new(Published::new(at as Seq + 1, self.events[at].clone()))]);
        }
    }
}

fn reach(canvas: &Canvas, subject: &WorkspaceId) -> Vec<WorkspaceId> {
    let Some(subject) = canvas.find(subject) else { return Vec::new() };
    let all = canvas.iter().filter(|(slot, _)| can_communicate(canvas, *slot, subject));
    all.map(|(_, workspace)| workspace.id.clone()).collect()
}
