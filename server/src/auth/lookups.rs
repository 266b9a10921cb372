//! Decides which unknown tokens are looked up in a log that several servers share: each at most once, and only so many a
//! second, so that guessing does not become load on the database.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::TokenHash;
use crate::limits::Bucket;

/// Lookups a second in the long run; ten times as many at once.
const RATE: u32 = 20;
/// How many tokens are remembered that nobody has issued.
const REMEMBERED: usize = 4_096;

pub(super) struct TokenLookups(Mutex<Inner>);

struct Inner {
    budget: Bucket,
    unknown: HashSet<TokenHash>,
    oldest_first: VecDeque<TokenHash>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    Ask,
    /// The log did not know it before. That stays so: a token is told to nobody before it is in the log.
    Unknown,
    /// Too many were asked for: wait so long.
    Wait(Duration),
}

impl TokenLookups {
    pub(super) fn new(now: Instant) -> Self {
        let budget = Bucket::new(now);
        Self(Mutex::new(Inner { budget, unknown: HashSet::new(), oldest_first: VecDeque::new() }))
    }

    pub(super) fn next(&self, token: &TokenHash, now: Instant) -> Lookup {
        let mut inner = self.lock();
        if inner.unknown.contains(token) {
            return Lookup::Unknown;
        }
        inner.budget.take(now, RATE).map_or_else(Lookup::Wait, |()| Lookup::Ask)
    }

    pub(super) fn remember_unknown(&self, token: TokenHash) {
        let mut inner = self.lock();
        if inner.unknown.insert(token) {
            inner.oldest_first.push_back(token);
        }
        if inner.oldest_first.len() > REMEMBERED {
            let oldest = inner.oldest_first.pop_front();
            oldest.map(|oldest| inner.unknown.remove(&oldest));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_are_looked_up_once_and_within_the_budget() {
        let start = Instant::now();
        let lookups = TokenLookups::new(start);
        let guess = |number: usize| TokenHash::of(&number.to_string());
        let mut asked = 0;
        for number in 0..10_000 {
            if lookups.next(&guess(number), start) == Lookup::Ask {
                asked += 1;
                lookups.remember_unknown(guess(number));
            }
        }
        assert_eq!(asked, 200);
        assert_eq!(lookups.next(&guess(0), start), Lookup::Unknown);
        assert!(matches!(lookups.next(&guess(10_000), start), Lookup::Wait(_)));
        assert_eq!(lookups.next(&guess(10_000), start + Duration::from_secs(1)), Lookup::Ask);
        (0..REMEMBERED).for_each(|number| lookups.remember_unknown(guess(20_000 + number)));
        assert_eq!(lookups.lock().unknown.len(), REMEMBERED);
    }
}
