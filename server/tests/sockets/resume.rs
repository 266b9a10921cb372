//! Coming back with a cursor: nothing is missed, nothing comes twice, and the state is the server's.

use std::sync::atomic::{AtomicBool, Ordering};

use orrery_model::{Applied, Canvas, Changes};
use orrery_protocol::{EventEnvelope, Frame, Workspace};
use serde_json::{Value, json};

use super::client::Client;
use crate::support::Server;

async fn epoch(server: &Server) -> String {
    server.socket("/ws?since=").await.json().await["epoch"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_was_missed_comes_in_order_and_then_what_is_live() {
    let server = Server::start().await;
    let id = server.workspace("SEO", None).await;
    server.tasks(&id, 2_000).await;
    let epoch = epoch(&server).await;
    for batch in ["", "&batch=1"] {
        let mut client = server.socket(&format!("/ws?since={epoch}:1000{batch}")).await;
        let head = server.running.app.hub.head().seq;
        let hello = client.json().await;
        assert_eq!((&hello["head"], &hello["resumed"]), (&json!(head), &json!(true)));
        server.tasks(&id, 500).await;
        let seqs = client.seqs((head - 1000 + 500) as usize).await;
        assert_eq!(seqs, (1001..=head + 500).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn what_the_memory_no_longer_holds_comes_from_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let first = Server::with(|config| config.data_dir = folder.path().into()).await;
    let id = first.workspace("SEO", None).await;
    first.tasks(&id, 3_000).await;
    let epoch = epoch(&first).await;
    first.running.shutdown().await;
    let server = Server::with(|config| config.data_dir = folder.path().into()).await;
    let mut client = server.socket(&format!("/ws?since={epoch}:0")).await;
    assert_eq!(client.json().await["resumed"], true);
    server.tasks(&id, 10).await;
    assert_eq!(client.seqs(3_011).await, (1..=3_011).collect::<Vec<_>>());
    // An agent's surroundings at the time are not in the log: it is told to ask anew.
    let mut agent = server.agent(&id, &format!("/ws?since={epoch}:0")).await;
    let hello = agent.json().await;
    assert_eq!((&hello["resumed"], &hello["oldest"]), (&json!(false), &json!(3_002)));
}

#[tokio::test]
async fn a_cursor_that_cannot_be_resumed_says_so_and_goes_on_live() {
    let server = Server::start().await;
    let id = server.workspace("SEO", None).await;
    let epoch = epoch(&server).await;
    for cursor in ["another:1".to_owned(), format!("{epoch}:99")] {
        let mut client = server.socket(&format!("/ws?since={cursor}")).await;
        assert_eq!(client.json().await["resumed"], false, "{cursor}");
        server.tasks(&id, 1).await;
        assert_eq!(client.seqs(1).await, [server.running.app.hub.head().seq]);
    }
}

/// What a page does, without the page.
#[derive(Default)]
struct Folded {
    canvas: Canvas,
    applied: u64,
}

impl Folded {
    /// The first state.
    async fn from(snapshot: &Value) -> Self {
        let rows: Vec<Workspace> = serde_json::from_value(snapshot["workspaces"].clone()).unwrap();
        let seq = snapshot["cursor"].as_str().unwrap().rsplit_once(':').unwrap().1.parse().unwrap();
        Self { canvas: Canvas::from_rows(rows, seq), applied: 0 }
    }

    fn apply(&mut self, logged: &EventEnvelope) {
        match self.canvas.apply(logged, &mut Changes::default()) {
            Applied::Applied => self.applied += 1,
            other => panic!("{other:?} at {:?} after {}", logged.seq, self.canvas.seq()),
        }
    }

    fn read(&mut self, frame: &Value) {
        match Frame::read(&frame.to_string()).unwrap() {
            Frame::Event(logged) => self.apply(&logged),
            Frame::Batch(events) => events.iter().for_each(|event| self.apply(event.as_ref().unwrap())),
            Frame::Message(_) => {}
        }
    }
}

/// A small generator: which numbers it gives does not matter, only that they are not all alike.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_fifty_times_under_load_it_ends_with_the_server_s_state() {
    let server = Server::start().await;
    let mut ids = Vec::new();
    for number in 0..10u64 {
        let parent = (number % 3 != 0).then(|| ids.last().cloned()).flatten();
        ids.push(server.workspace(&format!("w{number}"), parent.as_deref()).await);
    }
    let first = server.get("/snapshot").await;
    let mut folded = Folded::from(&first.body).await;
    let begun = folded.canvas.seq();
    let epoch = first.headers["x-event-cursor"].to_str().unwrap().rsplit_once(':').unwrap().0.to_owned();
    let is_over = AtomicBool::new(false);

    let load = async {
        let mut dice = Dice(7);
        while !is_over.load(Ordering::Relaxed) {
            let id = &ids[dice.roll(10) as usize];
            match dice.roll(8) {
                0 => drop(server.workspace("more", Some(id)).await),
                1 => {
                    let parent = &ids[dice.roll(10) as usize];
                    let body = json!({ "parent_id": parent });
                    drop(server.call(reqwest::Method::PATCH, &format!("/workspaces/{id}"), body).await);
                }
                2 => {
                    let body = json!({ "x": dice.roll(1000) as f64 / 3.0, "y": 0.1 });
                    drop(server.call(reqwest::Method::PATCH, &format!("/workspaces/{id}"), body).await);
                }
                _ => {
                    let body = json!({
                        "workspace_id": id, "error_rate": dice.roll(10) as f64 / 10.0, "sample_error": "e",
                        "active_tasks": 1, "uptime_seconds": 5, "current_task": format!("task {}", dice.roll(1000)),
                    });
                    drop(server.post("/registry/heartbeat", body).await);
                }
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    };
    let listen = async {
        let mut dice = Dice(42);
        for cut in 0..50 {
            let cursor = format!("{epoch}:{}", folded.canvas.seq());
            let batch = if cut % 2 == 0 { "&batch=1" } else { "" };
            let mut client = server.socket(&format!("/ws?since={cursor}&include=runs{batch}")).await;
            let hello = client.json().await;
            assert_eq!(hello["resumed"], true, "{hello}");
            for _ in 0..dice.roll(30) {
                folded.read(&client.json().await);
            }
            // Cut, not closed: what is on its way is lost.
            drop(client);
        }
        is_over.store(true, Ordering::Relaxed);
    };
    tokio::join!(load, listen);

    let last = server.get("/snapshot").await;
    let head: u64 = last.headers["x-event-cursor"].to_str().unwrap().rsplit_once(':').unwrap().1.parse().unwrap();
    let mut client = server.socket(&format!("/ws?since={epoch}:{}&include=runs", folded.canvas.seq())).await;
    while folded.canvas.seq() < head {
        folded.read(&client.json().await);
    }
    assert_eq!(folded.applied, head - begun);
    assert!(folded.applied > 200, "{}", folded.applied);
    let hash = last.headers["x-state-hash"].to_str().unwrap();
    assert_eq!(format!("{:016x}", folded.canvas.hash()), hash);
}

#[tokio::test]
async fn a_batch_is_made_under_load_only() {
    let server = Server::start().await;
    let id = server.workspace("SEO", None).await;
    let mut client: Client = server.socket("/ws?since=&batch=1").await;
    client.json().await;
    server.tasks(&id, 1).await;
    assert!(client.json().await.is_object());
    server.tasks(&id, 200).await;
    let mut events = 0;
    let mut frames = 0;
    while events < 200 {
        frames += 1;
        events += client.json().await.as_array().map_or(1, Vec::len);
    }
    assert!(events == 200 && frames < 200, "{frames}");
}
