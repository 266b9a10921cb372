//! Tests of a thousand clients that reconnect at once, as after a restart.

use std::time::Duration;

use futures_util::StreamExt;
use orrery_protocol::message::{Frame, Hello, ServerMessage};
use orrery_tests::http::Http;
use orrery_tests::server::Server;
use orrery_tests::wait;
use reqwest::Method;
use serde_json::json;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;

use crate::away::metric;

const CLIENTS: usize = 1_000;
const EVENTS: u64 = 5_000;

/// Resumes from a cursor until it has everything up to the head. Rejected and lost connections are retried.
async fn resume(url: String, after: u64) -> u64 {
    let (mut at, mut head) = (after, None);
    loop {
        if let Ok((mut stream, _)) = tokio_tungstenite::connect_async(format!("{url}:{at}&include=runs")).await {
            while let Some(Ok(Message::Text(text))) = stream.next().await {
                match Frame::read(&text) {
                    Ok(Frame::Message(ServerMessage::Hello(Hello { head: now, resumed, .. }))) => {
                        assert!(resumed, "nothing was trimmed");
                        head = Some(now);
                    }
                    Ok(Frame::Event(logged)) => {
                        assert_eq!(logged.seq, Some(at + 1), "in order, without a gap");
                        at += 1;
                    }
                    other => panic!("{other:?}"),
                }
                if head.is_some_and(|head| at >= head) {
                    return at;
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(50 + at % 50)).await;
    }
}

async fn all_resume(server: &Server, epoch: &str, after: impl Fn(u64) -> u64) {
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS as u64 {
        clients.spawn(resume(server.socket_url(&format!("/ws?since={epoch}")), after(number)));
    }
    while let Some(at) = clients.join_next().await {
        assert_eq!(at.unwrap(), EVENTS);
    }
}

async fn fill(http: &Http) -> String {
    let line = r#"{"event_type":"progress","task_id":"t","message":"a step further"}"#;
    for _ in 0..EVENTS / 500 {
        let lines = vec![line; 500].join("\n");
        let taken = http.try_send(Method::POST, "/api/events", Some((lines, "application/x-ndjson"))).await.unwrap();
        assert_eq!(taken.status, 200);
    }
    let cursor = http.get("/workspaces").await.header("x-event-cursor").unwrap().to_owned();
    assert_eq!(cursor.rsplit_once(':').unwrap().1, EVENTS.to_string(), "{}", json!(cursor));
    cursor.rsplit_once(':').unwrap().0.to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reconnecting_clients_share_the_queries_of_the_log() {
    let mut server = Server::start().await;
    let http = server.http();
    let epoch = fill(&http).await;
    // Most clients missed a few events, some missed many.
    let away = |number: u64| if number.is_multiple_of(50) { number * 2 % EVENTS } else { EVENTS - 50 - number % 50 };
    // The events are in memory: there is no query.
    all_resume(&server, &epoch, away).await;
    assert_eq!(metric(&http, "log_reads_total").await, 0);
    // After a restart memory is empty: all clients share a few queries for the pages and the oldest `seq`.
    server.restart().await;
    let ready = async || http.try_call(Method::GET, "/health/ready", None).await;
    wait::until("the server", ready, |answer| answer.as_ref().is_ok_and(|it| it.status == 200)).await.unwrap();
    all_resume(&server, &epoch, away).await;
    let reads = metric(&http, "log_reads_total").await;
    println!("{CLIENTS} clients, up to {EVENTS} events each: {reads} queries");
    assert!(reads >= 3 && reads < CLIENTS as u64 / 4, "{reads} queries for {CLIENTS} clients");
}
