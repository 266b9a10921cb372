//! Applies events to the state: the order of the log, and the handlers of each kind of event.

mod workspace;
mod run;
mod data;
mod run_attempts;

use orrery_protocol::{Event, EventEnvelope, Seq};

use crate::canvas::Canvas;
use crate::changes::Changes;

/// Outcome of applying an event in the order of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    Applied,
    /// The event was applied before; nothing was changed.
    Duplicate,
    /// Events between are missing; nothing was changed. They follow `Canvas::seq` in the log.
    Gap,
}

impl Canvas {
    /// Applies an event in the order of the log. An event without a `seq`, from a foreign server, is applied unless it equals the
    /// one before it: nothing else tells a duplicate there.
    pub fn apply(&mut self, envelope: &EventEnvelope, changes: &mut Changes) -> Applied {
        let applied = match envelope.seq {
            Some(seq) => self.advance_seq(seq),
            None if self.last_without_seq.as_ref() == Some(&envelope.event) => Applied::Duplicate,
            None => {
                self.last_without_seq = Some(envelope.event.clone());
                Applied::Applied
            }
        };
        if applied == Applied::Applied {
            self.fold(&envelope.event, changes);
        }
        applied
    }

    /// Advances to `seq` without applying anything: for an event that could not be read.
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

    /// Applies an event whatever its `seq`. An event that does not fit the state waits for its workspace or changes nothing.
    pub fn fold(&mut self, event: &Event, changes: &mut Changes) {
        match event {
            Event::Workspace(event) => workspace::apply_event(self, event, changes),
            Event::Run(event) => run::apply_event(self, event, changes),
            Event::Unknown(_) => {}
        }
    }
}
