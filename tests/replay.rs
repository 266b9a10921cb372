//! Replays the log from its start and compares the state with that of the server, also after the server was killed.
#![allow(clippy::unwrap_used)]

use orrery_model::{Applied, Canvas, Changes};
use orrery_protocol::EventEnvelope;
use orrery_tests::server::Server;
use orrery_tests::wait;

/// Number of events after which the demo has had teams, failures and tasks.
const EVENTS: u64 = 120;

#[tokio::test]
async fn replaying_the_whole_log_gives_the_snapshot() {
    let mut server = Server::start_with(&["--demo", "12"]).await;
    wait::until("the demo to make events", async || head(&server).await, |head| *head >= EVENTS).await;
    holds(&server).await;
    server.kill();
    server.restart().await;
    holds(&server).await;
}

async fn holds(server: &Server) {
    let epoch = cursor(server).await.0;
    let socket = server.socket(&format!("/ws?since={epoch}:0&include=runs")).await;
    let replayed = async || {
        let mut canvas = Canvas::new();
        for event in socket.events() {
            let logged = EventEnvelope::read(&event.to_string()).unwrap();
            assert_eq!(canvas.apply(&logged, &mut Changes::default()), Applied::Applied, "{event}");
        }
        let answer = server.http().get("/snapshot").await;
        let seq = answer.json()["cursor"].as_str().unwrap().rsplit_once(':').unwrap().1.parse::<u64>().unwrap();
        let hash = answer.header("x-state-hash").unwrap().to_owned();
        ((canvas.seq(), format!("{:016x}", canvas.hash())), (seq, hash))
    };
    wait::until("the replayed state to equal that of the server", replayed, |(replayed, shown)| replayed == shown)
        .await;
    assert!(head(server).await >= EVENTS);
}

async fn head(server: &Server) -> u64 {
    cursor(server).await.1
}

async fn cursor(server: &Server) -> (String, u64) {
    let snapshot = server.http().get("/snapshot").await.expect(200);
    let (epoch, seq) = snapshot["cursor"].as_str().unwrap().rsplit_once(':').unwrap();
    (epoch.to_owned(), seq.parse().unwrap())
}
