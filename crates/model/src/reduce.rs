//! One event folded into the state: the door of the rules, and the order of the log. Never where events come from.

mod workspace;
mod run;

use orrery_protocol::{Event, EventEnvelope, Seq};

use crate::canvas::Canvas;
use crate::changes::Changes;

/// What became of a logged event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    Applied,
    /// Its place in the log was already passed: an event twice is an event once.
    Duplicate,
    /// Events between are missing: nothing was changed. Read the log after `Canvas::seq`.
    Gap,
}

impl Canvas {
    /// Folds an event in the order of the log. One without a place (from a foreign server) is folded unless it is told
    /// twice in a row: all that can be known of it.
    pub fn apply(&mut self, logged: &EventEnvelope, changes: &mut Changes) -> Applied {
        let applied = match logged.seq {
            Some(seq) => self.advance_seq(seq),
            None if self.last_unplaced.as_ref() == Some(&logged.event) => Applied::Duplicate,
            None => {
                self.last_unplaced = Some(logged.event.clone());
                Applied::Applied
            }
        };
        if applied == Applied::Applied {
            self.fold(&logged.event, changes);
        }
        applied
    }

    /// Takes a place in the log as passed without folding: for an event that could not be read.
    pub fn advance_seq(&mut self, seq: Seq) -> Applied {
        if seq <= self.seq {
            return Applied::Duplicate;
        }
        if seq != self.seq + 1 {
            return Applied::Gap;
        }
        self.seq = seq;
        Applied::Applied
    }

    /// Folds an event whatever its place. It cannot fail: what does not fit waits or changes nothing.
    pub fn fold(&mut self, event: &Event, changes: &mut Changes) {
        match event {
            Event::Workspace(event) => workspace::fold(self, event, changes),
            Event::Run(event) => run::fold(self, event, changes),
            Event::Unknown(_) => {}
        }
    }
}
