//! The order of events: the next one is taken, an earlier one ignored, anything else is a gap (see section 13.2 of docs/protocol.md). Never the events.

use orrery_protocol::Seq;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SequenceCheck {
    Next,
    /// Already had: an event twice is an event once.
    Duplicate,
    /// Events between are missing: reconnect with the cursor.
    Gap,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sequence {
    last: Seq,
}

impl Sequence {
    pub fn after(last: Seq) -> Self {
        Self { last }
    }

    pub fn last(&self) -> Seq {
        self.last
    }

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

    /// A snapshot already holds everything up to `seq`.
    pub fn skip_to(&mut self, seq: Seq) {
        self.last = self.last.max(seq);
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn the_next_is_taken_the_past_ignored_and_a_gap_told() {
        let mut sequence = Sequence::after(4);
        let judged = [4, 5, 5, 3, 6, 8, 7, 8].map(|seq| sequence.check(seq));
        use SequenceCheck::{Duplicate, Gap, Next};
        assert_eq!(judged, [Duplicate, Next, Duplicate, Duplicate, Next, Gap, Next, Next]);
    }

    #[test]
    fn a_snapshot_never_goes_back() {
        let mut sequence = Sequence::after(4);
        sequence.skip_to(9);
        sequence.skip_to(7);
        assert_eq!((sequence.check(9), sequence.check(10)), (SequenceCheck::Duplicate, SequenceCheck::Next));
    }
}
