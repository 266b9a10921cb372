//! Two thousand connections whose request heads never end, a byte now and then. Never a whole request.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use orrery_tests::server::Server;
use orrery_tests::wait;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::others::{MIB, Others, a_newcomer_is_served, memory, metric};

const ATTACKERS: usize = 2_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_heads_that_never_end_take_nothing_from_the_others() {
    let mut server = Server::start().await;
    let mut others = Others::start(&server).await;
    let before = others.live_for(Duration::from_secs(3)).await;
    let memory_before = memory(&mut server);

    let (opened, cut) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let address = server.address().to_owned();
    let attack: Vec<_> =
        (0..ATTACKERS).map(|_| tokio::spawn(drip(address.clone(), Arc::clone(&opened), Arc::clone(&cut)))).collect();
    wait::until("the attack", async || opened.load(Relaxed), |opened| *opened == ATTACKERS).await;
    let during = others.live_for(Duration::from_secs(4)).await;
    let held = metric(&server, "orrery_connections").await;
    let grown = memory(&mut server).saturating_sub(memory_before);
    a_newcomer_is_served(&server).await;
    // Each has its ten seconds, however it drips.
    wait::until("every attacker to be cut", async || cut.load(Relaxed), |cut| *cut == ATTACKERS).await;
    let gone = async || metric(&server, "orrery_connections").await;
    wait::until("their seats to be free", gone, |connections| *connections < 100.0).await;
    for attacker in attack {
        attacker.await.unwrap();
    }
    println!("slow heads: {ATTACKERS} attackers, {held} connections held, {} KiB more memory", grown / 1024);
    println!(
        "  others before: p50 {:?} p99 {:?}; during: p50 {:?} p99 {:?}",
        before.p50, before.p99, during.p50, during.p99
    );
    assert!(grown < 100 * MIB, "{} MiB for {ATTACKERS} connections", grown / MIB);
    others.live_for(Duration::from_millis(200)).await;
}

async fn drip(address: String, opened: Arc<AtomicUsize>, cut: Arc<AtomicUsize>) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /workspaces HTTP/1.1\r\nhost: localhost\r\nx-slow: ").await.unwrap();
    opened.fetch_add(1, Relaxed);
    while stream.write_all(b"y").await.is_ok() {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    cut.fetch_add(1, Relaxed);
}
