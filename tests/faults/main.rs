//! Never silently wrong: three servers, many clients, and everything that can break breaks, while a checker keeps the
//! books. `cargo xtask faults` runs it long; as one of the tests of the whole it is short.
#![allow(clippy::unwrap_used)]

mod alone;
mod apart;
mod baseline;
mod books;
mod checker;
mod cluster;
mod executions;
mod expansion;
mod listener;
mod rows;
mod trouble;
mod writer;

use std::env;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alone::Fault;
use books::Books;
use checker::Verdict;
use cluster::{Cluster, Log, cursor, found_fleet};
use executions::Person;
use listener::{Listener, Role};
use orrery_tests::server::Server;
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

impl Scale {
    fn asked() -> Self {
        match env::var("ORRERY_FAULTS_LONG") {
            Ok(rounds) => Self { rounds: rounds.parse().unwrap_or(LONG.rounds), ..LONG },
            Err(_) => SHORT,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_event_reaches_every_client_once_and_in_order() {
    if let Ok(asked) = env::var(apart::ASKED) {
        return apart::listen(&asked).await;
    }
    let scale = Scale::asked();
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
    expansion::survive_huge_expansion(&mut cluster).await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_disk_loses_no_acknowledged_event() {
    let scale = Scale::asked();
    let began = Instant::now();
    let mut server = Server::start_with(&["--heartbeat-ttl", "2h", "--provision-timeout", "2h"]).await;
    let books = Arc::new(Books::default());
    let fleet = found_fleet(&server.http(), scale.agents).await;
    let (start, addresses) = (cursor(&server.http()).await, vec![server.url("")]);
    let doors = vec![server.address().to_owned()];
    let listeners: Vec<Listener> =
        (0..4).map(|at| Listener::start(Role::Canvas, doors.clone(), at, start.clone())).collect();
    let writers: Vec<Writer> =
        (0..scale.writers).map(|name| Writer::start(name, addresses.clone(), fleet.clone(), books.clone())).collect();

    let mut faults = 0;
    for _ in 0..scale.rounds {
        for fault in Fault::ALL {
            tokio::time::sleep(scale.pause).await;
            fault.cause(&mut server).await;
            faults += 1;
        }
    }
    tokio::time::sleep(scale.pause).await;
    for writer in writers {
        writer.stop().await;
    }
    // Only what is in the database counts.
    server.kill();
    server.restart().await;
    let now = cursor(&server.http()).await;
    let log = Log::read(&server.http(), &now.epoch, now.seq).await;
    for listener in &listeners {
        listener.reaches(log.head()).await;
    }
    let verdict = Verdict::of(&log, &books, &listeners);
    println!("{faults} faults of one server with SQLite in {} s while {verdict}", began.elapsed().as_secs());
    log.is_the_state_of(&server.http()).await;
    assert!(verdict.is_clean(), "{verdict}\n{}", verdict.details());
    assert!(books.acknowledged() > 50, "too little happened: {verdict}");
}
