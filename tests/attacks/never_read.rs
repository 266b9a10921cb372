//! Five hundred subscribers that never read what they asked for. Never one that reads slowly: those resume.

use std::time::Duration;

use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::others::{MIB, Others, Took, a_newcomer_is_served, memory, metric};

const ATTACKERS: usize = 500;
const ASK: &[u8] =
    b"GET /ws?include=runs&since= HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
const EVENT_BYTES: usize = 100 * 1024;
/// More than a queue takes and the system's own buffers.
const EVENTS: usize = 80;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_who_never_read_take_nothing_from_the_others() {
    let mut server = Server::start().await;
    let mut others = Others::start(&server).await;
    let before = under_load(&server, &mut others).await;
    let mut attackers = Vec::new();
    for _ in 0..ATTACKERS {
        attackers.push(subscribe_and_fall_silent(server.address()).await);
    }
    let memory_before = memory(&mut server);
    let subscribers = r#"orrery_subscribers{kind="canvas"}"#;
    assert!(metric(&server, subscribers).await >= ATTACKERS as f64);

    let during = under_load(&server, &mut others).await;
    let queued = metric(&server, "orrery_queue_bytes").await;
    let grown = memory(&mut server).saturating_sub(memory_before);
    a_newcomer_is_served(&server).await;
    let left = async || metric(&server, subscribers).await;
    wait::until("everyone who never read to be cut", left, |left| *left < ATTACKERS as f64 / 2.0).await;
    let slow = metric(&server, r#"orrery_disconnects_total{by="server",code="4008"}"#).await;
    let gone = metric(&server, r#"orrery_disconnects_total{by="client",code="1006"}"#).await;
    println!(
        "never read: {ATTACKERS} attackers, {EVENTS} events of {EVENT_BYTES} bytes for each: {slow} closed as too slow,"
    );
    println!("  {gone} given up; {} KiB more memory, {} KiB left in queues", grown / 1024, queued as u64 / 1024);
    println!(
        "  others before: p50 {:?} p99 {:?}; during: p50 {:?} p99 {:?}",
        before.p50, before.p99, during.p50, during.p99
    );
    assert!(slow >= ATTACKERS as f64 / 2.0, "their queues were full");
    // Kept for each it would be four gigabytes; what is queued for all is kept once.
    assert!(grown < 200 * MIB, "{} MiB", grown / MIB);
    assert!(queued <= (ATTACKERS * 4 * 1024 * 1024) as f64);
    others.live_for(Duration::from_millis(200)).await;
    drop(attackers);
}

/// The load is the same without the attack, so that what differs is the attack's.
async fn under_load(server: &Server, others: &mut Others) -> Took {
    let http = server.http();
    let load = tokio::spawn(async move {
        for number in 0..EVENTS {
            // A long message would be cut.
            let data = json!({"text": "x".repeat(EVENT_BYTES)});
            let event = json!({"event_type": "progress", "run_id": format!("r{number}"), "data": data});
            http.post("/api/events", event).await.expect(200);
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    });
    let took = others.live_for(Duration::from_secs(4)).await;
    load.await.unwrap();
    took
}

async fn subscribe_and_fall_silent(address: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(address.parse().unwrap()).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    let mut agreed = [0; 12];
    stream.read_exact(&mut agreed).await.unwrap();
    assert_eq!(&agreed, b"HTTP/1.1 101");
    stream
}
