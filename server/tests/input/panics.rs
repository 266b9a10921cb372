//! A decision that panics fails its own request; the writer goes on.

use std::sync::Arc;

use orrery_protocol::{Event, RunEvent, RunEventKind, Timestamp};
use orrery_server::error::Refusal;
use orrery_server::publish::{Decision, State};
use serde_json::{Value, json};

use crate::support::Server;

/// A list in a list in a list …
fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| Value::Array(vec![inner]))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_panics_fails_its_own_request() {
    let server = Arc::new(Server::start().await);
    let bad = (0..20).map(|_| {
        let server = server.clone();
        tokio::spawn(async move {
            let panics = |_: &State| -> Result<Decision<()>, Refusal> { panic!("on purpose") };
            assert_eq!(server.running.app.door.publish(panics).await, Err(Refusal::Internal));
        })
    });
    let good = (0..20).map(|number| {
        let server = server.clone();
        tokio::spawn(async move { drop(server.named(&format!("{number}")).await) })
    });
    let all: Vec<_> = bad.chain(good).collect();
    for one in all {
        one.await.unwrap();
    }
    assert_eq!(server.head().await, 20);
    server.assert_all_reads_answer().await;
    assert!(server.metric("orrery_panics_total").await >= 20.0);
    let server = Server::again(Arc::into_inner(server).unwrap().stop().await, |_| {}).await;
    let kept = server.get("/workspaces").await.ok().as_array().unwrap().len();
    assert_eq!(kept, 20);
    println!("20 decisions panicked: 20 requests failed, and all {kept} others are in the log after a restart");
}

#[tokio::test]
async fn an_event_that_nobody_could_read_is_refused_alone() {
    let server = Server::start().await;
    let id = server.named("A").await;
    for depth in [100, 127, 500] {
        let mut event = RunEvent::new(RunEventKind::Progress, Timestamp::from_millis(1));
        event.data = json!({ "deep": nested(depth) }).as_object().unwrap().clone();
        let events = vec![Event::Run(event.clone()), Event::Run(event)];
        let publish = server.running.app.door.publish(move |_| Ok(Decision::events(events, ())));
        assert!(matches!(publish.await, Err(Refusal::BadRequest(words)) if words.contains("too deep")), "{depth}");
    }
    server.beat(&id).await.ok();
    server.assert_all_reads_answer().await;
    let server = Server::again(server.stop().await, |_| {}).await;
    assert_eq!(server.row(&id).await["status"], "online");
}
