//! Tests of idempotency keys of events across servers, also when the database fails meanwhile.

use std::collections::HashMap;
use std::sync::Arc;

use orrery_tests::http::Http;
use orrery_tests::server_group::ServerGroup;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::Barrier;

const EVENTS: usize = 40;

/// Sends each event until there is a response, and returns the cursors.
async fn send(http: Http, together: Arc<Barrier>) -> Vec<Value> {
    let mut cursors = Vec::new();
    for number in 0..EVENTS {
        together.wait().await;
        let event = json!({"event_type": "progress", "task_id": "t", "id": format!("e-{number}")});
        let cursor = loop {
            match http.try_call(Method::POST, "/api/events", Some(event.clone())).await {
                Ok(answer) if answer.status == 200 => break answer.json()["cursor"].clone(),
                Ok(answer) => assert_eq!(answer.status, 503, "{}", answer.text),
                Err(error) => panic!("no answer: {error}"),
            }
        };
        cursors.push(cursor);
    }
    cursors
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idempotency_key_is_valid_on_every_server() {
    let several = ServerGroup::start(3, &[]).await;
    let together = Arc::new(Barrier::new(several.servers.len()));
    let sending: Vec<_> =
        several.servers.iter().map(|server| tokio::spawn(send(server.http(), together.clone()))).collect();
    // While they write, the database fails: keys of rejected events are not remembered, those of committed ones are.
    for _ in 0..4 {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        several.postgres.terminate_backends().await;
    }
    let mut cursors = Vec::new();
    for sending in sending {
        cursors.push(sending.await.unwrap());
    }
    assert!(cursors.windows(2).all(|pair| pair[0] == pair[1]), "{cursors:#?}");
    let log = several.servers[0].http().get("/events?limit=1000").await.expect(200);
    let mut places: HashMap<u64, usize> = HashMap::new();
    for event in log.as_array().unwrap().iter().filter(|event| event["event_type"] == "progress") {
        *places.entry(event["seq"].as_u64().unwrap()).or_default() += 1;
    }
    assert_eq!(places.len(), EVENTS);
    let seq = |cursor: &Value| cursor.as_str().unwrap().rsplit_once(':').unwrap().1.parse::<u64>().unwrap();
    assert!(cursors[0].iter().all(|cursor| places.contains_key(&seq(cursor))));
}
