//! The laws of the door: nothing is told that is not in the log, the projection is the fold of the log, a caller reads
//! its own write. Never a single call's answer.

use std::sync::Arc;

use orrery_model::{Applied, Canvas, Changes};
use orrery_protocol::EventEnvelope;
use orrery_protocol::snapshot::Snapshot;
use serde_json::json;

use crate::support::Server;

/// The fold of the log as a client does it.
pub async fn fold(server: &Server) -> Canvas {
    let mut canvas = Canvas::new();
    for event in server.log().await {
        let logged = EventEnvelope::read(&event.to_string()).unwrap();
        assert_eq!(canvas.apply(&logged, &mut Changes::default()), Applied::Applied, "a gap before {event}");
    }
    canvas
}

/// Log, rows and mirror say the same: a client that folds the log, one that takes a snapshot, and the server.
pub async fn assert_projection_is_the_fold(server: &Server) {
    let fold = fold(server).await;
    let snapshot = server.get("/snapshot").await;
    assert_eq!(snapshot.headers["x-state-hash"], format!("{:016x}", fold.hash()));
    let snapshot: Snapshot = serde_json::from_value(snapshot.ok()).unwrap();
    assert_eq!(snapshot.cursor.seq, fold.seq());
    assert_eq!(Canvas::from_rows(snapshot.workspaces, fold.seq()).hash(), fold.hash());
}

async fn state_hash(server: &Server) -> String {
    server.get("/snapshot").await.headers["x-state-hash"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_caller_reads_its_own_write_among_many() {
    let server = Arc::new(Server::start().await);
    let callers = (0..16).map(|caller| {
        let server = server.clone();
        tokio::spawn(async move {
            let id = server.named(&format!("{caller}")).await;
            for n in 0..12 {
                let name = format!("{caller}.{n}");
                // Each far from the others: who is in the way of another is moved aside.
                let place = json!({ "name": name, "x": f64::from(n) / 3.0, "y": 2000 * (caller + 1) });
                server.patch(&format!("/workspaces/{id}"), place).await.ok();
                let row = server.row(&id).await;
                assert_eq!((&row["name"], row["x"].as_f64()), (&json!(name), Some(f64::from(n) / 3.0)));
            }
        })
    });
    let callers: Vec<_> = callers.collect();
    for caller in callers {
        caller.await.unwrap();
    }
    // Moves displace neighbours, which are events, too.
    let own = server.log().await.iter().filter(|event| event["payload"]["name"].is_string()).count();
    assert_eq!(own, 16 * 13);
    assert_projection_is_the_fold(&server).await;
}

/// A small generator, so that a failing run can be run again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

#[tokio::test]
async fn the_projection_is_the_fold_of_the_log_whatever_was_called() {
    let server = Server::start().await;
    let mut dice = Dice(7);
    let mut ids = vec![server.named("first").await];
    for turn in 0..400 {
        let id = ids[dice.roll(ids.len())].clone();
        let other = ids[dice.roll(ids.len())].clone();
        let workspace = format!("/workspaces/{id}");
        let agent = format!("/workspaces/{id}/agent");
        let number = dice.roll(1000) as f64 / 7.0;
        // Refusals are part of the game.
        let answer = match dice.roll(16) {
            0 => server.post("/workspaces", json!({ "name": turn.to_string(), "parent_id": other })).await,
            1 => {
                server
                    .post(
                        "/workspaces",
                        json!({ "name": "é\"\\\u{0}\u{1F600}", "model": "m", "canvas": { "x": number, "y": -number } }),
                    )
                    .await
            }
            2 | 3 => server.patch(&workspace, json!({ "x": number, "y": 1.0 / (1.0 + number), "role": "r" })).await,
            4 | 5 => server.patch(&workspace, json!({ "parent_id": other })).await,
            6 => server.patch(&workspace, json!({ "parent_id": null, "collapsed": turn % 2 == 0, "role": null })).await,
            7 => server.post(&agent, json!({ "model": "m" })).await,
            8 => server.patch(&agent, json!({ "model": turn.to_string() })).await,
            9 => server.post(&format!("{agent}/move"), json!({ "target_workspace_id": other })).await,
            10 => server.delete(&agent).await,
            11 => server.heartbeat(&id, json!({ "current_task": turn.to_string(), "active_tasks": turn % 3 })).await,
            12 => {
                let card = json!({ "name": id, "n": number, "skills": ["a"] });
                server.post("/registry/register", json!({ "id": id, "url": "http://a", "agent_card": card })).await
            }
            13 => server.post(&format!("{workspace}/expand"), json!({ "sub_workspaces": [{ "name": "a" }] })).await,
            14 if turn % 3 == 0 => server.post(&format!("{workspace}/collapse"), json!({})).await,
            14 => server.post(&format!("{workspace}/restart"), json!({})).await,
            _ if ids.len() > 4 => server.delete(&format!("{workspace}?confirm=true")).await,
            _ => server.beat(&id).await,
        };
        assert!([200, 201, 404, 409].contains(&answer.status), "{} {}", answer.status, answer.body);
        let rows = server.get("/workspaces").await.ok();
        ids = rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
        if ids.is_empty() {
            ids.push(server.named("again").await);
        }
    }
    assert_projection_is_the_fold(&server).await;
    let before = state_hash(&server).await;
    let server = Server::again(server.stop().await, |_| {}).await;
    assert_eq!(state_hash(&server).await, before, "a restart forgets nothing");
    assert_projection_is_the_fold(&server).await;
}
