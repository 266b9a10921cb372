//! Fault injection: servers, networks and databases fail under many clients while a checker compares every delivery with the log.
//! `cargo xtask faults` runs it for minutes; as a test it is short.
#![allow(clippy::unwrap_used)]

mod single_server;
mod client_process;
mod baseline;
mod write_records;
mod checker;
mod cluster;
mod executions;
mod expansion;
mod listener;
mod rows;
mod cluster_fault;
mod writer;

use std::env;
use std::sync::Arc;
use std::time::{Duration, Instant};

use checker::Report;
use cluster::{Cluster, Log, create_fleet, cursor};
use cluster_fault::ClusterFault;
use executions::Operator;
use listener::{Listener, Role};
use orrery_tests::server::Server;
use single_server::Fault;
use write_records::WriteRecords;
use writer::Writer;

/// Numbers of clients, writers and faults.
struct Scale {
    canvases: usize,
    agents: usize,
    writers: usize,
    /// Number of faults of each kind.
    rounds: usize,
    pause: Duration,
}

const SHORT: Scale = Scale { canvases: 8, agents: 8, writers: 3, rounds: 1, pause: Duration::from_millis(400) };
const LONG: Scale = Scale { canvases: 50, agents: 50, writers: 6, rounds: 4, pause: Duration::from_millis(1500) };

impl Scale {
    fn arguments() -> Self {
        match env::var("ORRERY_FAULTS_LONG") {
            Ok(rounds) => Self { rounds: rounds.parse().unwrap_or(LONG.rounds), ..LONG },
            Err(_) => SHORT,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_event_reaches_every_client_once_and_in_order() {
    if let Ok(arguments) = env::var(client_process::ASKED) {
        return client_process::listen(&arguments).await;
    }
    let scale = Scale::arguments();
    let began = Instant::now();
    let mut cluster = Cluster::start().await;
    let write_records = Arc::new(WriteRecords::default());
    let fleet = cluster.create_fleet(scale.agents).await;
    let start = cluster.cursor().await;

    let roles = (0..scale.canvases).map(|_| Role::Canvas).chain(fleet.iter().cloned().map(Role::Agent));
    let listeners: Vec<Listener> = roles
        .enumerate()
        .map(|(at, role)| Listener::start(role, cluster.proxy_addresses(), at, start.clone()))
        .collect();
    let relay = baseline::Relay::start(cluster.proxy_addresses());
    let writers: Vec<Writer> = (0..scale.writers)
        .map(|name| Writer::start(name, cluster.server_urls(), fleet.clone(), write_records.clone()))
        .collect();
    let operator = Operator::start(cluster.server_urls());

    let mut faults = 0;
    for round in 0..scale.rounds {
        for cluster_fault in ClusterFault::ALL {
            tokio::time::sleep(scale.pause).await;
            cluster_fault.inject(&mut cluster, &listeners, round).await;
            faults += 1;
        }
    }
    expansion::survive_huge_expansion(&mut cluster).await;
    cluster.heal().await;
    for writer in writers {
        writer.stop().await;
    }

    let unfinished = operator.stop().await;
    assert!(unfinished.is_empty(), "never ended: {unfinished:?}");

    let log = cluster.log().await;
    for listener in &listeners {
        listener.reaches(log.head()).await;
    }
    let verdict = Report::of(&log, &write_records, &listeners);
    println!("{faults} faults in {} s while {verdict}", began.elapsed().as_secs());
    cluster.agrees_with(&log).await;
    assert!(verdict.is_clean(), "{verdict}\n{}", verdict.details());
    assert!(write_records.acknowledged() > 50, "too little happened: {verdict}");

    // The relay without a log must lose events under the same conditions: otherwise the checker could not find a loss.
    let (lost, out_of_order) = checker::losses_and_disorder(&log, &relay.stop());
    println!("a relay without a log, beside it: {lost} lost, {out_of_order} out of order");
    assert!(lost > 0, "the checker cannot fail");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn disk_faults_lose_no_acknowledged_event() {
    let scale = Scale::arguments();
    let began = Instant::now();
    let mut server = Server::start_with(&["--heartbeat-ttl", "2h", "--provision-timeout", "2h"]).await;
    let write_records = Arc::new(WriteRecords::default());
    let fleet = create_fleet(&server.http(), scale.agents).await;
    let (start, urls) = (cursor(&server.http()).await, vec![server.url("")]);
    let addresses = vec![server.address().to_owned()];
    let listeners: Vec<Listener> =
        (0..4).map(|at| Listener::start(Role::Canvas, addresses.clone(), at, start.clone())).collect();
    let writers: Vec<Writer> = (0..scale.writers)
        .map(|name| Writer::start(name, urls.clone(), fleet.clone(), write_records.clone()))
        .collect();

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
    // The log that is read must come from the database, not from memory.
    server.kill();
    server.restart().await;
    let now = cursor(&server.http()).await;
    let log = Log::read(&server.http(), &now.epoch, now.seq).await;
    for listener in &listeners {
        listener.reaches(log.head()).await;
    }
    let verdict = Report::of(&log, &write_records, &listeners);
    println!("{faults} faults of one server with SQLite in {} s while {verdict}", began.elapsed().as_secs());
    log.is_the_state_of(&server.http()).await;
    assert!(verdict.is_clean(), "{verdict}\n{}", verdict.details());
    assert!(write_records.acknowledged() > 50, "too little happened: {verdict}");
}
