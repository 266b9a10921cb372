//! What happens when: a calm day in the fleet, from a seed. Pure: time comes in, calls come out. Never makes a call.

mod beats;
mod player;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use orrery_protocol::WorkspaceId;
use serde_json::Value;

use super::chance::Chance;
use super::lines;
pub use beats::ADDRESS;
pub use player::{Mood, Player};

/// Since the show began.
pub type Millis = u64;

pub struct Show {
    players: Vec<Player>,
    by_id: HashMap<WorkspaceId, usize>,
    agenda: BinaryHeap<Reverse<(Millis, u64, Beat)>>,
    /// Keeps the order of what falls on one millisecond.
    booked: u64,
    chance: Chance,
    heartbeat_every: Millis,
    /// How much longer everything takes than in a small fleet, so that a large one is as calm to look at.
    ease: u64,
    questions: HashMap<u64, Question>,
}

/// Something that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Beat {
    Arrive(usize),
    Heartbeat(usize),
    TaskBegins(usize),
    TaskEnds(usize),
    Answer(u64),
    Talk,
    GoSilent,
    Return(usize),
    Degrade,
    Recover(usize),
    SwapModel,
    EmptySeat,
    MoveAgent { seat: usize },
    FillSeat { seat: usize },
    Expand,
    Collapse(usize),
    LookAfterFailed(usize),
}

struct Question {
    who: usize,
    text: String,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    Call(Call),
    /// The answer to a question that was asked with this ticket.
    Reply {
        ticket: u64,
        outcome: Result<String, String>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Whose call it is: when that workspace is gone, so is the player.
    pub who: WorkspaceId,
    pub method: Method,
    pub path: String,
    pub body: Value,
    pub then: Then,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Patch,
    Delete,
}

/// What the answer of a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Nothing,
    Expanded(usize),
    LookedAt(usize),
}

impl Show {
    /// `players` in the order of the cast. `ttl`: after so much silence an agent counts as offline.
    pub fn new(players: Vec<Player>, seed: u64, ttl: Millis) -> Self {
        let by_id = players.iter().enumerate().map(|(place, player)| (player.id.clone(), place)).collect();
        let ease = 1 + players.len() as u64 / 150;
        let mut show = Self {
            players,
            by_id,
            agenda: BinaryHeap::new(),
            booked: 0,
            chance: Chance::new(seed),
            heartbeat_every: (ttl / 3).max(200),
            ease,
            questions: HashMap::new(),
        };
        let arriving = (show.players.len() as u64 * 4).clamp(3_000, 20_000);
        for place in 0..show.players.len() {
            let at = arriving * place as u64 / show.players.len() as u64;
            match show.players[place].mood {
                Mood::NeverStarts => show.book(5_000, Beat::LookAfterFailed(place)),
                _ => show.book(at, Beat::Arrive(place)),
            }
        }
        for (at, beat) in [
            (8_000, Beat::Talk),
            (20_000, Beat::GoSilent),
            (35_000, Beat::Degrade),
            (50_000, Beat::SwapModel),
            (70_000, Beat::Expand),
            (95_000, Beat::EmptySeat),
        ] {
            show.book(at, beat);
        }
        show
    }

    /// When there is something to do next.
    pub fn next(&self) -> Option<Millis> {
        self.agenda.peek().map(|Reverse((at, ..))| *at)
    }

    /// Everything that is due, in order, but no more than `most` at once.
    pub fn due(&mut self, now: Millis, most: usize) -> Vec<Act> {
        let mut acts = Vec::new();
        while acts.len() < most && self.next().is_some_and(|at| at <= now) {
            let Some(Reverse((_, _, beat))) = self.agenda.pop() else { break };
            self.play(beat, now, &mut acts);
        }
        acts
    }

    /// Somebody asks an agent; it answers after a while with this ticket. One that is not at work does not answer.
    pub fn asked(&mut self, id: &WorkspaceId, text: &str, ticket: u64, now: Millis) -> Result<(), String> {
        let who = self.by_id.get(id).copied().filter(|&who| self.players[who].mood.is_at_work());
        let who = who.ok_or("this agent is not at work")?;
        self.players[who].tasks.push(text.to_owned());
        self.questions.insert(ticket, Question { who, text: text.to_owned() });
        let soon = now + self.chance.between(2_500, 7_000);
        self.book(now, Beat::Heartbeat(who));
        self.book(soon, Beat::Answer(ticket));
        Ok(())
    }

    /// The workspace is gone from the canvas: nobody plays it any more.
    pub fn left(&mut self, id: &WorkspaceId) {
        if let Some(who) = self.by_id.remove(id) {
            self.players[who].mood = Mood::Gone;
        }
    }

    /// An expansion has made these.
    pub fn expanded(&mut self, parent: usize, ids: &[WorkspaceId], now: Millis) {
        for (id, (name, role)) in ids.iter().zip(lines::HELPERS) {
            let place = self.players.len();
            self.by_id.insert(id.clone(), place);
            let mut helper = Player::new(id.clone(), name.into(), role, &["help"], Some(parent));
            helper.passing = true;
            self.players.push(helper);
            let at = now + self.chance.between(1_000, 5_000);
            self.book(at, Beat::Arrive(place));
        }
        self.book(now + 75_000, Beat::Collapse(parent));
    }

    /// How the one that never started stands now: after a failure and a retry, it comes.
    pub fn looked_at(&mut self, who: usize, status: &str, now: Millis) {
        let player = &mut self.players[who];
        match (status, player.failed) {
            ("failed", _) => player.failed = true,
            ("provisioning", true) => {
                player.mood = Mood::Well;
                return self.book(now + 1_500, Beat::Arrive(who));
            }
            _ => {}
        }
        self.book(now + 2_000, Beat::LookAfterFailed(who));
    }

    fn book(&mut self, at: Millis, beat: Beat) {
        self.booked += 1;
        self.agenda.push(Reverse((at, self.booked, beat)));
    }
}

#[cfg(test)]
mod tests;
