//! Who is served next, counted in items and work.

use super::*;

fn flood(queue: &mut FairQueue<&'static str, u32>, caller: &'static str, items: u32) {
    (0..items).for_each(|item| queue.push(caller, item));
}

fn served(queue: &mut FairQueue<&'static str, u32>, times: usize) -> Vec<&'static str> {
    (0..times).filter_map(|_| queue.pop()).map(|(caller, _)| caller).collect()
}

#[test]
fn callers_take_turns_and_each_keeps_its_own_order() {
    let mut queue = FairQueue::default();
    flood(&mut queue, "a", 3);
    flood(&mut queue, "b", 2);
    let all: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
    assert_eq!(all, [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", 2)]);
    assert!(queue.is_empty());
}

#[test]
fn a_newcomer_is_served_next_however_much_others_have_queued() {
    let mut queue = FairQueue::default();
    for caller in ["a", "b", "c", "d"] {
        flood(&mut queue, caller, 1000);
    }
    for _ in 0..500 {
        let (caller, _) = queue.pop().unwrap();
        queue.charge(&caller, 200);
    }
    queue.push("beat", 0);
    assert!(served(&mut queue, 4).contains(&"beat"), "at most one item of each other caller comes first");
}

#[test]
fn work_is_shared_equally_not_items() {
    let mut queue = FairQueue::default();
    flood(&mut queue, "heavy", 1000);
    flood(&mut queue, "light", 1000);
    let mut work = HashMap::new();
    for _ in 0..500 {
        let (caller, _) = queue.pop().unwrap();
        let cost = if caller == "heavy" { 99 } else { 0 };
        queue.charge(&caller, cost);
        *work.entry(caller).or_insert(0) += cost + 1;
    }
    assert!(work["heavy"] <= work["light"] + 200 && work["light"] >= 400, "{work:?}");
}

#[test]
fn a_rest_saves_nothing_up_and_a_debt_outlives_an_empty_queue() {
    let mut queue = FairQueue::default();
    flood(&mut queue, "busy", 100);
    served(&mut queue, 50);
    // It rested all the while, and still takes turns with the other.
    flood(&mut queue, "rested", 50);
    let next = served(&mut queue, 20);
    assert_eq!(next.iter().filter(|caller| **caller == "rested").count(), 10);
    // Whoever queues one at a time pays as well.
    let mut queue = FairQueue::default();
    flood(&mut queue, "light", 30);
    queue.push("heavy", 0);
    while queue.pop().unwrap().0 != "heavy" {}
    queue.charge(&"heavy", 10);
    queue.push("heavy", 1);
    assert_eq!(served(&mut queue, 9), ["light"; 9]);
}

#[test]
fn what_is_put_back_comes_first_and_costs_nothing() {
    let mut queue = FairQueue::default();
    flood(&mut queue, "a", 3);
    flood(&mut queue, "b", 3);
    let taken: Vec<_> = (0..4).filter_map(|_| queue.pop()).collect();
    taken.into_iter().rev().for_each(|(caller, item)| queue.put_back(caller, item));
    assert_eq!((queue.len(), queue.waiting(&"a")), (6, 3));
    let mut again: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
    again.sort_unstable();
    assert_eq!(again, [("a", 0), ("a", 1), ("a", 2), ("b", 0), ("b", 1), ("b", 2)]);
}

#[test]
fn idle_callers_are_forgotten() {
    let mut queue = FairQueue::default();
    for caller in 0..3 * REMEMBERED {
        queue.push(caller, ());
        queue.pop();
        queue.push(caller, ());
        queue.pop();
    }
    assert!(queue.accounts.len() <= REMEMBERED + 1, "{}", queue.accounts.len());
}
