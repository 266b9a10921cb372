//! A writer that panics goes on from the log: its callers hear of it, and nothing is lost or told that is not in the log.

use std::sync::mpsc;

use orrery_server::publish::Decision;
use serde_json::json;

use crate::door::assert_projection_is_the_fold;
use crate::support::Server;

/// An answer that panics in the writer when its caller is gone.
struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        panic!("as a fault of our own would");
    }
}

async fn restarts(server: &Server) -> u64 {
    let text = server.client.get(server.url("/metrics")).send().await.unwrap().text().await.unwrap();
    let line = text.lines().find(|line| line.starts_with("orrery_writer_restarts_total ")).unwrap();
    line.rsplit_once(' ').unwrap().1.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_writer_that_panics_goes_on_from_the_log() {
    let server = Server::start().await;
    let id = server.named("A").await;
    for round in 1..4 {
        let (begun, is_begun) = mpsc::channel();
        let (go_on, gate) = mpsc::channel::<()>();
        let door = server.running.app.door.clone();
        let caller = tokio::spawn(async move {
            let decided = door.publish(move |_| {
                begun.send(()).unwrap();
                gate.recv().unwrap();
                Ok(Decision::nothing(PanicsWhenDropped))
            });
            decided.await.map(std::mem::forget)
        });
        tokio::task::spawn_blocking(move || is_begun.recv().unwrap()).await.unwrap();
        caller.abort();
        caller.await.unwrap_err();
        go_on.send(()).unwrap();

        let name = format!("after {round}");
        server.patch(&format!("/workspaces/{id}"), json!({ "name": name })).await.ok();
        assert_eq!(server.row(&id).await["name"], name);
        assert_eq!(restarts(&server).await, round);
        server.get("/health/live").await.ok();
        server.get("/health/ready").await.ok();
    }
    assert_projection_is_the_fold(&server).await;
}

#[tokio::test]
async fn a_decision_that_panics_fails_alone() {
    let server = Server::start().await;
    let panics =
        server.running.app.door.publish(|_| -> Result<Decision<()>, _> { panic!("as a fault of our own would") });
    let error = panics.await.unwrap_err();
    assert_eq!(error.status(), 500, "{error}");
    assert_eq!(restarts(&server).await, 0);
    server.named("A").await;
    assert_projection_is_the_fold(&server).await;
}
