//! What each beat does, and which beats follow it. Never the agenda's own rules.

use serde_json::{Value, json};

use super::{Act, Beat, Call, Method, Millis, Mood, Show, Then};
use crate::demo::lines;

/// Where agents register: the stage puts its own address there.
pub const ADDRESS: &str = "{address}";

impl Show {
    pub(super) fn play(&mut self, beat: Beat, now: Millis, acts: &mut Vec<Act>) {
        match beat {
            Beat::Arrive(who) => self.arrive(who, now, acts),
            Beat::Heartbeat(who) if self.players[who].mood.is_at_work() => {
                acts.push(self.heartbeat(who, now));
            }
            Beat::Heartbeat(_) => {}
            Beat::TaskBegins(who) => self.task_begins(who, now, acts),
            Beat::TaskEnds(who) => self.task_ends(who, now, acts),
            Beat::Answer(ticket) => self.answer(ticket, now, acts),
            Beat::Talk => self.talk(now, acts),
            Beat::GoSilent => self.go_silent(now),
            Beat::Return(who) if self.players[who].mood == Mood::Silent => {
                self.players[who].mood = Mood::Well;
                acts.push(self.heartbeat(who, now));
                self.keep_beating(who, now);
            }
            Beat::Degrade => self.degrade(now, acts),
            Beat::Recover(who) if matches!(self.players[who].mood, Mood::Failing(_)) => {
                self.players[who].mood = Mood::Well;
                acts.push(self.heartbeat(who, now));
            }
            Beat::Return(_) | Beat::Recover(_) => {}
            Beat::SwapModel => {
                if let Some(who) = self.someone(|show, who| show.settled(who)) {
                    let model = self.chance.pick(&lines::OTHER_MODELS);
                    acts.push(self.call(who, Method::Patch, "/agent", json!({ "model": model })));
                }
                self.again(now, 90_000, Beat::SwapModel);
            }
            Beat::EmptySeat => {
                if let Some(seat) = self.someone(|show, who| show.settled(who)) {
                    let body = json!({ "reason": "its model is retired" });
                    acts.push(self.call(seat, Method::Delete, "/agent", body));
                    self.book(now + 20_000, Beat::MoveAgent { seat });
                }
                self.again(now, 150_000, Beat::EmptySeat);
            }
            Beat::MoveAgent { seat } => {
                if let Some(from) = self.someone(|show, who| who != seat && show.settled(who)) {
                    let body = json!({ "target_workspace_id": self.players[seat].id });
                    acts.push(self.call(from, Method::Post, "/agent/move", body));
                    self.book(now + 20_000, Beat::FillSeat { seat: from });
                }
            }
            Beat::FillSeat { seat } => {
                let model = self.chance.pick(&lines::OTHER_MODELS);
                acts.push(self.call(seat, Method::Post, "/agent", json!({ "model": model })));
            }
            Beat::Expand => {
                let leaf = |show: &Self, who: usize| {
                    show.settled(who) && !show.players.iter().any(|it| it.parent == Some(who) && it.mood != Mood::Gone)
                };
                if let Some(who) = self.someone(leaf) {
                    let helpers: Vec<_> =
                        lines::HELPERS.iter().map(|(name, role)| json!({ "name": name, "role": role })).collect();
                    let body = json!({ "sub_workspaces": helpers });
                    acts.push(self.call_then(who, Method::Post, "/expand", body, Then::Expanded(who)));
                }
                self.again(now, 160_000, Beat::Expand);
            }
            Beat::Collapse(parent) => {
                acts.push(self.call(parent, Method::Post, "/collapse", json!({})));
                for place in 0..self.players.len() {
                    if self.players[place].parent == Some(parent) && self.players[place].passing {
                        let id = self.players[place].id.clone();
                        self.left(&id);
                    }
                }
            }
            Beat::LookAfterFailed(who) if self.players[who].mood != Mood::Gone => {
                acts.push(self.call_then(who, Method::Get, "", json!({}), Then::LookedAt(who)));
            }
            Beat::LookAfterFailed(_) => {}
        }
        if let Beat::Heartbeat(who) = beat {
            self.keep_beating(who, now);
        }
    }

    fn arrive(&mut self, who: usize, now: Millis, acts: &mut Vec<Act>) {
        let player = &mut self.players[who];
        if player.mood == Mood::Gone {
            return;
        }
        player.arrived = Some(now);
        let url = format!("{ADDRESS}/agents/{}", player.id);
        let body = json!({ "id": player.id, "url": url, "agent_card": player.card() });
        let (who_id, path) = (player.id.clone(), "/registry/register".to_owned());
        acts.push(Act::Call(Call { who: who_id, method: Method::Post, path, body, then: Then::Nothing }));
        self.keep_beating(who, now);
        let soon = now + self.chance.between(1_000, 25_000 * self.ease);
        self.book(soon, Beat::TaskBegins(who));
    }

    /// The next regular heartbeat, unless one is on its way already.
    fn keep_beating(&mut self, who: usize, now: Millis) {
        let player = &mut self.players[who];
        if player.mood.is_at_work() && player.next_heartbeat <= now {
            player.next_heartbeat = now + self.heartbeat_every;
            self.book(now + self.heartbeat_every, Beat::Heartbeat(who));
        }
    }

    fn task_begins(&mut self, who: usize, now: Millis, acts: &mut Vec<Act>) {
        if self.players[who].mood == Mood::Gone {
            return;
        }
        let takes = self.chance.between(8_000, 30_000) * self.ease;
        if self.players[who].mood.is_at_work() {
            let task = lines::task(self.players[who].role, &mut self.chance);
            self.players[who].tasks.insert(0, task.into());
            acts.push(self.heartbeat(who, now));
            self.book(now + takes, Beat::TaskEnds(who));
        } else {
            self.book(now + takes, Beat::TaskBegins(who));
        }
    }

    fn task_ends(&mut self, who: usize, now: Millis, acts: &mut Vec<Act>) {
        if !self.players[who].tasks.is_empty() {
            let done = self.players[who].tasks.remove(0);
            if self.players[who].mood.is_at_work() {
                acts.push(self.heartbeat(who, now));
                let body = json!({ "activity_type": "agent_log", "summary": format!("Done: {done}"), "status": "ok" });
                acts.push(self.call(who, Method::Post, "/activity", body));
            }
        }
        let pause = self.chance.between(3_000, 20_000) * self.ease;
        self.book(now + pause, Beat::TaskBegins(who));
    }

    fn answer(&mut self, ticket: u64, now: Millis, acts: &mut Vec<Act>) {
        let Some(question) = self.questions.remove(&ticket) else { return };
        let player = &mut self.players[question.who];
        if let Some(place) = player.tasks.iter().position(|task| *task == question.text) {
            player.tasks.remove(place);
        }
        let outcome = match player.mood {
            Mood::Well if self.chance.one_in(12) => Err("the tool returned nothing useful".into()),
            Mood::Well => Ok(format!("Done: {}", question.text)),
            Mood::Failing(error) => Err(error.into()),
            _ => Err("this agent is not at work".into()),
        };
        acts.push(Act::Reply { ticket, outcome });
        self.play(Beat::Heartbeat(question.who), now, acts);
    }

    /// One agent asks another of its team; both sides log it.
    fn talk(&mut self, now: Millis, acts: &mut Vec<Act>) {
        if let Some(who) = self.someone(|show, who| show.settled(who) && show.players[who].parent.is_some()) {
            let parent = self.players[who].parent;
            let near = |show: &Self, it: usize| {
                it != who && show.settled(it) && (Some(it) == parent || show.players[it].parent == parent)
            };
            if let Some(other) = self.someone(near) {
                let said = self.chance.pick(&lines::QUESTIONS);
                let talk = |kind: &str| {
                    let (source, target) = (&self.players[who].id, &self.players[other].id);
                    let message =
                        |role: &str, text: &str| json!({ "role": role, "parts": [{ "kind": "text", "text": text }] });
                    json!({ "activity_type": kind, "method": "message/send", "summary": said.0, "status": "ok",
                            "source_id": source, "target_id": target, "duration_ms": 400 + said.0.len() * 25,
                            "request_body": { "method": "message/send", "params": { "message": message("user", said.0) } },
                            "response_body": { "result": message("agent", said.1) } })
                };
                acts.push(self.call(who, Method::Post, "/activity", talk("a2a_send")));
                acts.push(self.call(other, Method::Post, "/activity", talk("a2a_receive")));
            }
        }
        self.again(now, 9_000, Beat::Talk);
    }

    fn go_silent(&mut self, now: Millis) {
        if let Some(who) = self.someone(|show, who| show.settled(who) && show.players[who].parent.is_some()) {
            self.players[who].mood = Mood::Silent;
            self.players[who].tasks.clear();
            self.book(now + self.heartbeat_every * 5, Beat::Return(who));
        }
        self.again(now, 240_000, Beat::GoSilent);
    }

    fn degrade(&mut self, now: Millis, acts: &mut Vec<Act>) {
        if let Some(who) = self.someone(|show, who| show.settled(who)) {
            self.players[who].mood = Mood::Failing(self.chance.pick(&lines::ERRORS));
            acts.push(self.heartbeat(who, now));
            self.book(now + 45_000, Beat::Recover(who));
        }
        self.again(now, 170_000, Beat::Degrade);
    }

    fn heartbeat(&self, who: usize, now: Millis) -> Act {
        let player = &self.players[who];
        let (path, body) = ("/registry/heartbeat".to_owned(), player.heartbeat(now));
        Act::Call(Call { who: player.id.clone(), method: Method::Post, path, body, then: Then::Nothing })
    }

    /// A call about its own workspace.
    fn call(&self, who: usize, method: Method, what: &str, body: Value) -> Act {
        self.call_then(who, method, what, body, Then::Nothing)
    }

    fn call_then(&self, who: usize, method: Method, what: &str, body: Value, then: Then) -> Act {
        let who = self.players[who].id.clone();
        Act::Call(Call { path: format!("/workspaces/{who}{what}"), who, method, body, then })
    }

    /// At work, well, and here to stay.
    fn settled(&self, who: usize) -> bool {
        let player = &self.players[who];
        player.mood == Mood::Well && player.arrived.is_some() && !player.passing
    }

    /// A few throws, so that a fleet of ten thousand is not searched.
    fn someone(&mut self, fits: impl Fn(&Self, usize) -> bool) -> Option<usize> {
        (0..20).find_map(|_| {
            let who = self.chance.between(0, self.players.len() as u64) as usize;
            fits(self, who).then_some(who)
        })
    }

    fn again(&mut self, now: Millis, about: Millis, beat: Beat) {
        let at = now + self.chance.between(about * 2 / 3, about * 4 / 3);
        self.book(at, beat);
    }
}
