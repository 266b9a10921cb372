//! The sequence check: whether an event is the next of the log (see section 13.2 of docs/protocol.md).

use orrery_protocol::Seq;

/// What to do with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SequenceCheck {
    /// It is the next one: apply it.
    Next,
    /// It was received before: ignore it.
    Duplicate,
    /// Events before it are missing: resume from the cursor.
    Gap,
}

/// The last received `seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sequence {
    last: Seq,
}

impl Sequence {
    /// Creates a sequence whose next event is the one after `last`.
    pub fn after(last: Seq) -> Self {
        Self { last }
    }

    /// Returns the last received `seq`, or 0.
    pub fn last(&self) -> Seq {
        self.last
    }

    /// Returns what to do with an event, and counts the next one as received.
    pub fn check(&mut self, seq: Seq) -> SequenceCheck {
        match seq {
            seq if seq <= self.last => SequenceCheck::Duplicate,
            seq if seq == self.last + 1 => {
                self.last = seq;
                SequenceCheck::Next
            }
            _ => SequenceCheck::Gap,
        }
    }

    /// Counts everything up to `seq` as received, because a snapshot holds it. Never goes back.
    pub fn skip_to(&mut self, seq: Seq) {
        self.last = self.last.max(seq);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinguishes_next_duplicate_and_gap() {
        let mut sequence = Sequence::after(4);
        let checks = [4, 5, 5, 3, 6, 8, 7, 8].map(|seq| sequence.check(seq));
        use SequenceCheck::{Duplicate, Gap, Next};
        assert_eq!(checks, [Duplicate, Next, Duplicate, Duplicate, Next, Gap, Next, Next]);
    }

    #[test]
    fn skip_to_never_goes_back() {
        let mut sequence = Sequence::after(4);
        sequence.skip_to(9);
        sequence.skip_to(7);
        assert_eq!((sequence.check(9), sequence.check(10)), (SequenceCheck::Duplicate, SequenceCheck::Next));
    }
}
