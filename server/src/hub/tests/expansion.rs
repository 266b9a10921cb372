//! What the hub does for a team that expands, counted in places of workspaces that it looks up.

use orrery_protocol::workspace_event::Child;

use super::super::place::counted::LOOKED_UP;
use super::*;

/// A team under construction: each expansion is its children's provisioning and then the team's own event.
struct Team {
    hub: Arc<Hub>,
    seq: Seq,
    children: usize,
}

impl Team {
    fn new() -> Self {
        let mut team = Self { hub: hub(), seq: 0, children: 0 };
        team.deliver(event(0, WorkspaceChange::Provisioning(Provisioning::default())));
        team
    }

    fn deliver(&mut self, event: Event) {
        self.seq += 1;
        self.hub.deliver([Arc::new(Published::new(self.seq, event))]);
    }

    /// Returns how many places were looked up for it.
    fn expand(&mut self, count: usize) -> usize {
        let before = LOOKED_UP.get();
        let new = self.children + 1..=self.children + count;
        self.children += count;
        for number in new.clone() {
            let provisioning = Provisioning { parent_id: Some(id(0)), ..Provisioning::default() };
            self.deliver(event(number, WorkspaceChange::Provisioning(provisioning)));
        }
        let children = new.map(|number| Child { id: id(number), name: None, role: None }).collect();
        self.deliver(event(0, WorkspaceChange::Expanded { children }));
        LOOKED_UP.get() - before
    }
}

#[test]
fn an_expansion_costs_what_it_adds() {
    let (small, large) = (Team::new().expand(200), Team::new().expand(800));
    assert!(large <= 4 * small, "{small} for 200 children, {large} for 800");
    let mut team = Team::new();
    let first = team.expand(200);
    for _ in 0..10 {
        team.expand(200);
    }
    assert_eq!(team.expand(200), first, "those that were there before cost nothing");
}
