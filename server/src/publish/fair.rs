//! Fair queue: serves whoever has used least of the writer's work first.
//!
//! Start-time fair queuing (Goyal, Vin and Cheng, 1996), as Linux' scheduler does it with its virtual run time: each caller
//! has an account of the work that was done for it, and the next item is that of the caller whose account is lowest. Who
//! comes back after a rest starts where the others are, so nobody saves up and nobody is starved. Work is charged after it
//! was done, because only then it is known.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::Hash;

/// Above so many callers, those with nothing waiting and nothing to pay back are forgotten.
const REMEMBERED: usize = 4096;

#[derive(Debug)]
pub struct FairQueue<Caller, Item> {
    accounts: HashMap<Caller, Account<Item>>,
    /// The callers with something waiting, the next one first.
    order: BTreeSet<(Turn, Caller)>,
    /// The account of the caller that was served last.
    clock: u64,
    turns: u64,
    len: usize,
}

/// Work used so far; among equals the one that has waited longest comes first.
type Turn = (u64, u64);

#[derive(Debug)]
struct Account<Item> {
    turn: Turn,
    waiting: VecDeque<Item>,
}

impl<Caller: Clone + Ord + Hash, Item> FairQueue<Caller, Item> {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns how many items of this caller are waiting.
    pub fn waiting(&self, caller: &Caller) -> usize {
        self.accounts.get(caller).map_or(0, |account| account.waiting.len())
    }

    /// Adds an item behind the others of its caller.
    pub fn push(&mut self, caller: Caller, item: Item) {
        self.len += 1;
        let account = self.accounts.entry(caller.clone()).or_insert_with(|| Account::new(self.clock));
        if account.waiting.is_empty() {
            self.turns += 1;
            account.turn = (account.turn.0.max(self.clock), self.turns);
            self.order.insert((account.turn, caller));
        }
        account.waiting.push_back(item);
    }

    /// Takes the next item and charges one unit of work for it.
    pub fn pop(&mut self) -> Option<(Caller, Item)> {
        let (turn, caller) = self.order.pop_first()?;
        self.clock = self.clock.max(turn.0);
        let account = self.accounts.get_mut(&caller)?;
        let item = account.waiting.pop_front()?;
        self.len -= 1;
        self.turns += 1;
        account.turn = (turn.0 + 1, self.turns);
        if !account.waiting.is_empty() {
            self.order.insert((account.turn, caller.clone()));
        }
        self.forget_idle();
        Some((caller, item))
    }

    /// Puts an item that was taken and not served back before the others of its caller, and takes back what it was charged.
    pub fn put_back(&mut self, caller: Caller, item: Item) {
        self.len += 1;
        let account = self.accounts.entry(caller.clone()).or_insert_with(|| Account::new(self.clock));
        self.order.remove(&(account.turn, caller.clone()));
        account.turn.0 = account.turn.0.saturating_sub(1);
        account.waiting.push_front(item);
        self.order.insert((account.turn, caller));
    }

    /// Charges a caller for work that was done for it.
    pub fn charge(&mut self, caller: &Caller, work: u64) {
        let Some(account) = self.accounts.get_mut(caller) else { return };
        let is_waiting = self.order.remove(&(account.turn, caller.clone()));
        account.turn.0 = account.turn.0.saturating_add(work);
        if is_waiting {
            self.order.insert((account.turn, caller.clone()));
        }
    }

    fn forget_idle(&mut self) {
        if self.accounts.len() > REMEMBERED.max(2 * self.order.len()) {
            let clock = self.clock;
            self.accounts.retain(|_, account| !account.waiting.is_empty() || account.turn.0 > clock);
        }
    }
}

impl<Caller, Item> Default for FairQueue<Caller, Item> {
    fn default() -> Self {
        Self { accounts: HashMap::new(), order: BTreeSet::new(), clock: 0, turns: 0, len: 0 }
    }
}

impl<Item> Account<Item> {
    fn new(clock: u64) -> Self {
        Self { turn: (clock, 0), waiting: VecDeque::new() }
    }
}

#[cfg(test)]
mod tests;
