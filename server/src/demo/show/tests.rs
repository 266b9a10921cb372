//! An hour of the show, played without a server: the same for the same seed, calm, and never silent by mistake.

use std::collections::HashMap;

use super::*;

fn show(size: usize, seed: u64) -> Show {
    Show::new(players(size), seed, 60_000)
}

fn players(size: usize) -> Vec<Player> {
    let player = |(place, part): (usize, super::super::cast::Part)| {
        let id = format!("w{place}").parse().unwrap();
        Player::new(id, part.name, part.role, part.skills, part.parent)
    };
    super::super::cast::cast(size).into_iter().enumerate().map(player).collect()
}

fn hour(show: &mut Show, until: Millis) -> Vec<(Millis, Act)> {
    let mut acts = Vec::new();
    while let Some(at) = show.next().filter(|at| *at <= until) {
        for act in show.due(at, usize::MAX) {
            if let Act::Call(Call { then: Then::Expanded(who), .. }) = &act {
                let ids: Vec<_> = (0..3).map(|child| format!("w{who}.{at}.{child}").parse().unwrap()).collect();
                show.expanded(*who, &ids, at);
            }
            acts.push((at, act));
        }
    }
    acts
}

fn calls(acts: &[(Millis, Act)]) -> impl Iterator<Item = (Millis, &Call)> {
    acts.iter().filter_map(|(at, act)| if let Act::Call(call) = act { Some((*at, call)) } else { None })
}

#[test]
fn the_same_seed_plays_the_same_day() {
    let day = hour(&mut show(12, 7), 600_000);
    assert_eq!(day, hour(&mut show(12, 7), 600_000));
    assert_ne!(day, hour(&mut show(12, 8), 600_000));
}

#[test]
fn everything_that_can_happen_happens_and_stays_calm() {
    let day = hour(&mut show(12, 7), 3_600_000);
    for (method, end) in [
        (Method::Post, "/registry/register"),
        (Method::Post, "/registry/heartbeat"),
        (Method::Post, "/activity"),
        (Method::Patch, "/agent"),
        (Method::Delete, "/agent"),
        (Method::Post, "/agent"),
        (Method::Post, "/agent/move"),
        (Method::Post, "/expand"),
        (Method::Post, "/collapse"),
    ] {
        assert!(calls(&day).any(|(_, call)| call.method == method && call.path.ends_with(end)), "{method:?} {end}");
    }
    let not_heartbeats = calls(&day).filter(|(_, call)| !call.path.ends_with("heartbeat")).count();
    assert!(not_heartbeats < 3600 * 2, "{not_heartbeats} in an hour");
}

#[test]
fn only_the_silent_are_silent() {
    let mut show = show(12, 7);
    let day = hour(&mut show, 3_600_000);
    let mut last: HashMap<String, Millis> = HashMap::new();
    let mut silences = 0;
    for (at, call) in calls(&day).filter(|(_, call)| call.path.ends_with("heartbeat")) {
        let who = call.body["workspace_id"].to_string();
        if let Some(before) = last.insert(who, at) {
            silences += usize::from(at - before > 60_000);
        }
    }
    assert!((5..25).contains(&silences), "{silences} silences in an hour");
}

#[test]
fn ten_thousand_are_as_calm_as_they_can_be() {
    let day = hour(&mut show(10_000, 7), 120_000);
    let beats = calls(&day).filter(|(_, call)| call.path.ends_with("heartbeat")).count();
    assert!(beats < 10_000 * 9, "{beats} in two minutes");
}

#[test]
fn a_question_is_a_task_until_it_is_answered() {
    let mut show = show(3, 7);
    hour(&mut show, 10_000);
    let id: WorkspaceId = "w1".parse().unwrap();
    show.asked(&id, "Count the stars", 5, 10_000).unwrap();
    let first = show.due(10_000, 9);
    let Act::Call(call) = &first[0] else { panic!("{first:?}") };
    assert_eq!(call.body["current_task"], "Count the stars");
    let later = hour(&mut show, 20_000);
    assert!(later.iter().any(|(_, act)| matches!(act, Act::Reply { ticket: 5, .. })));
    show.left(&id);
    assert!(show.asked(&id, "Still there?", 6, 20_000).is_err());
}

#[test]
fn the_one_that_never_started_comes_after_a_retry() {
    let mut players = players(2);
    players[1].mood = Mood::NeverStarts;
    let mut show = Show::new(players, 7, 60_000);
    let registers = |acts: &[(Millis, Act)]| {
        calls(acts).filter(|(_, call)| call.path.ends_with("register") && call.body["id"] == "w1").count()
    };
    assert_eq!(registers(&hour(&mut show, 20_000)), 0);
    for status in ["provisioning", "failed", "failed", "provisioning"] {
        show.looked_at(1, status, 20_000);
    }
    assert_eq!(registers(&hour(&mut show, 40_000)), 1);
}
