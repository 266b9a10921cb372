//! The log told again from its start gives the state that the server shows, also after the server was killed.
//! Never a fold of our own: the page's and the server's model does it.
#![allow(clippy::unwrap_used)]

use orrery_model::{Applied, Canvas, Changes};
use orrery_protocol::EventEnvelope;
use orrery_tests::server::Server;
use orrery_tests::wait;

/// Enough for teams, failures and tasks of the demo's fleet.
const EVENTS: u64 = 120;

#[tokio::test]
async fn the_log_from_its_start_is_the_snapshot() {
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
    let told = async || {
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
    wait::until("the told state to be the shown one", told, |(told, shown)| told == shown).await;
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
