//! Never silently wrong: three servers, many clients, and everything that can break breaks, while a checker keeps the
//! books. `cargo xtask faults` runs it long; as one of the tests of the whole it is short.
#![allow(clippy::unwrap_used)]

mod apart;
mod books;
mod checker;
mod cluster;
mod executions;
mod listener;
mod baseline;
mod trouble;
mod writer;

use std::env;
use std::sync::Arc;
use std::time::{Duration, Instant};

use books::Books;
use checker::Verdict;
use cluster::Cluster;
use executions::Person;
use listener::{Listener, Role};
use trouble::Trouble;
use writer::Writer;

/// How much of everything.
struct Scale {
    canvases: usize,
    agents: usize,
    writers: usize,
    /// How often each kind of fault comes.
    rounds: usize,
    pause: Duration,
}

const SHORT: Scale = Scale { canvases: 8, agents: 8, writers: 3, rounds: 1, pause: Duration::from_millis(400) };
const LONG: Scale = Scale { canvases: 50, agents: 50, writers: 6, rounds: 4, pause: Duration::from_millis(1500) };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_event_reaches_every_client_once_and_in_order() {
    if let Ok(asked) = env::var(apart::ASKED) {
        return apart::listen(&asked).await;
    }
    let scale = match env::var("ORRERY_FAULTS_LONG") {
        Ok(rounds) => Scale { rounds: rounds.parse().unwrap_or(LONG.rounds), ..LONG },
        Err(_) => SHORT,
    };
    let began = Instant::now();
    let mut cluster = Cluster::start().await;
    let books = Arc::new(Books::default());
    let fleet = cluster.found_fleet(scale.agents).await;
    let start = cluster.cursor().await;

    let roles = (0..scale.canvases).map(|_| Role::Canvas).chain(fleet.iter().cloned().map(Role::Agent));
    let listeners: Vec<Listener> =
        roles.enumerate().map(|(at, role)| Listener::start(role, cluster.doors(), at, start.clone())).collect();
    let relay = baseline::Relay::start(cluster.doors());
    let writers: Vec<Writer> =
        (0..scale.writers).map(|name| Writer::start(name, cluster.addresses(), fleet.clone(), books.clone())).collect();
    let person = Person::start(cluster.addresses());

    let mut faults = 0;
    for round in 0..scale.rounds {
        for trouble in Trouble::ALL {
            tokio::time::sleep(scale.pause).await;
            trouble.make(&mut cluster, &listeners, round).await;
            faults += 1;
        }
    }
    cluster.heal().await;
    for writer in writers {
        writer.stop().await;
    }

    let unfinished = person.stop().await;
    assert!(unfinished.is_empty(), "never ended: {unfinished:?}");

    let log = cluster.log().await;
    for listener in &listeners {
        listener.reaches(log.head()).await;
    }
    let verdict = Verdict::of(&log, &books, &listeners);
    println!("{faults} faults in {} s while {verdict}", began.elapsed().as_secs());
    cluster.agrees_with(&log).await;
    assert!(verdict.is_clean(), "{verdict}\n{}", verdict.details());
    assert!(books.acknowledged() > 50, "too little happened: {verdict}");

    // A relay without a log, beside it in the same weather: if the checker found nothing wrong with that, it could find nothing.
    let (lost, out_of_order) = checker::hold_against(&log, &relay.stop());
    println!("a relay without a log, beside it: {lost} lost, {out_of_order} out of order");
    assert!(lost > 0, "the checker cannot fail");
}
