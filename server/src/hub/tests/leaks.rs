//! A million random (tree, agent, event) triples against the rule in one line, on a tree kept as plain numbers: nobody
//! hears what is not meant for it, and nobody misses what is. Never the hub's own idea of the tree.

use super::*;

const TREES: usize = 250;
const AGENTS: usize = 40;
const EVENTS: usize = 100;

/// Every workspace's parent, and whether it is there.
struct Plain {
    parents: Vec<Option<usize>>,
    alive: Vec<bool>,
}

impl Plain {
    fn can_communicate(&self, one: usize, other: usize) -> bool {
        let (mine, theirs) = (self.parents[one], self.parents[other]);
        let both = self.alive[one] && self.alive[other];
        both && (one == other || mine == theirs || mine == Some(other) || theirs == Some(one))
    }

    fn is_within(&self, inner: usize, outer: usize) -> bool {
        std::iter::successors(Some(inner), |at| self.parents[*at]).any(|at| at == outer)
    }

    fn reach(&self, subject: usize) -> Vec<bool> {
        (0..AGENTS).map(|agent| self.can_communicate(agent, subject)).collect()
    }
}

/// xorshift: the same million each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

#[test]
fn a_million_triples_and_not_one_leak() {
    let mut dice = Dice(0x5eed_cafe);
    let (mut triples, mut heard, mut wrong) = (0u64, 0u64, Vec::new());
    for tree in 0..TREES {
        let hub = Arc::new(Hub::new(Epoch::new("e"), Canvas::new(), 1));
        let mut seq = 0;
        let mut deliver = |event: Event| {
            seq += 1;
            hub.deliver([Arc::new(Published::new(seq, event))]);
        };
        let mut plain = Plain { parents: vec![None; AGENTS], alive: vec![false; AGENTS] };
        for number in 0..AGENTS {
            let parent = (number > 0 && dice.below(4) > 0).then(|| dice.below(number));
            plain.parents[number] = parent;
            plain.alive[number] = true;
            deliver(provisioning(number, parent));
        }
        let kinds = Kinds { updates: true, runs: true };
        let agents: Vec<Subscription> =
            (0..AGENTS).map(|number| hub.subscribe(Interest::Agent(id(number), kinds), Since::Now).0).collect();
        for _ in 0..EVENTS {
            let subject = dice.below(AGENTS);
            let meant = happen(&mut dice, &mut plain, subject, &mut deliver);
            for (number, agent) in agents.iter().enumerate() {
                let mut taken = Vec::new();
                agent.queue.take(usize::MAX, &mut taken);
                triples += 1;
                heard += taken.len() as u64;
                if taken.len() != usize::from(meant[number]) {
                    wrong.push((tree, number, subject));
                }
            }
        }
    }
    println!("{triples} triples, {heard} heard, {} wrong", wrong.len());
    assert!(triples >= 1_000_000 && heard > triples / 50, "{triples}, {heard}");
    assert_eq!(wrong, []);
}

/// Something happens to the subject; answers who is meant.
fn happen(dice: &mut Dice, plain: &mut Plain, subject: usize, deliver: &mut impl FnMut(Event)) -> Vec<bool> {
    let task = WorkspaceChange::TaskUpdated { current_task: None, active_tasks: 1 };
    let update = WorkspaceChange::Updated(Default::default());
    match dice.below(8) {
        0..4 => deliver(event(subject, if dice.below(2) == 0 { task } else { update })),
        4..7 => {
            let parent = (dice.below(5) > 0).then(|| dice.below(AGENTS));
            let parent = parent.filter(|parent| plain.alive[*parent] && !plain.is_within(*parent, subject));
            let old = plain.parents[subject];
            let before = plain.reach(subject);
            plain.parents[subject] = parent;
            let change = WorkspaceChange::Moved { old_parent_id: old.map(id), new_parent_id: parent.map(id) };
            deliver(event(subject, change));
            return before.iter().zip(plain.reach(subject)).map(|(before, after)| *before || after).collect();
        }
        _ => {
            let mut run = RunEvent::new(RunEventKind::Progress, Timestamp::default());
            run.workspace_id = Some(id(subject));
            deliver(Event::Run(run));
            // Agents never hear of runs on this socket, whatever they asked for.
            return vec![false; AGENTS];
        }
    }
    plain.reach(subject)
}

fn provisioning(number: usize, parent: Option<usize>) -> Event {
    let change = Provisioning { parent_id: parent.map(id), ..Provisioning::default() };
    event(number, WorkspaceChange::Provisioning(change))
}
