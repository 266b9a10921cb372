//! Limits of workflows and of the calls that their steps make.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path};
use axum::http::{StatusCode, header::LOCATION};
use axum::response::IntoResponse;
use axum::routing::{any, post};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;

use super::Row;
use crate::engine;
use crate::runner::agents::Agent;
use crate::runner::{ask, ended, execute, execution, step, step_of, with};
use crate::support::{Answer, Server};

const FAILS: &str = "the step fails";

/// Answers `/long/{n}` with a text of so many bytes, `/agent/{n}` with an A2A message of so many, and `/again/{n}` and
/// `/agent/again/{n}` with so many redirects.
async fn endpoint() -> String {
    let message = |text: &str| json!({ "result": { "kind": "message", "role": "agent", "parts": [{ "kind": "text", "text": text }] } });
    let agent = async move |Path(bytes): Path<usize>| {
        let frame = message("").to_string().len();
        message(&"x".repeat(bytes - frame)).to_string()
    };
    let again = |path: &'static str, status: StatusCode| {
        async move |Path(left): Path<usize>| match left {
            0 => message("there").to_string().into_response(),
            _ => (status, [(LOCATION, format!("{path}/{}", left - 1))]).into_response(),
        }
    };
    let router = Router::new()
        .route("/", any(async |_: Bytes| "received"))
        .route("/long/{n}", any(async |Path(bytes): Path<usize>| "x".repeat(bytes)))
        .route("/agent/{n}", post(agent))
        .route("/again/{n}", any(again("/again", StatusCode::FOUND)))
        .route("/agent/again/{n}", post(again("/agent/again", StatusCode::TEMPORARY_REDIRECT)))
        .layer(DefaultBodyLimit::disable());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

async fn run(server: &Server, only: Value, variables: Value) -> String {
    let id = execute(server, json!([only]), variables).await;
    match ended(server, &id).await["steps"][0]["status"].as_str().unwrap() {
        "failed" => FAILS.into(),
        other => other.into(),
    }
}

async fn get(server: &Server, url: String) -> String {
    run(server, step("get", "http", json!({ "url": url }), &[]), json!({})).await
}

async fn ask_at(server: &Server, url: String) -> String {
    let id = server.named("A").await;
    server.post("/registry/register", json!({ "id": id, "url": url, "agent_card": {} })).await.ok();
    run(server, ask("ask", &id, "hello", &[]), json!({})).await
}

/// What happens to a call of an `http` step and to one of an agent step, each of which fits before.
async fn called(row: &Row, http: &str, agent: &str) -> String {
    let (server, url) = (Server::start().await, endpoint().await);
    let fits = row.amount();
    assert_eq!(get(&server, format!("{url}{http}/{fits}")).await, "completed");
    assert_eq!(ask_at(&server, format!("{url}{agent}/{fits}")).await, "completed");
    let mut received = vec![
        get(&server, format!("{url}{http}/{}", fits + 1)).await,
        ask_at(&server, format!("{url}{agent}/{}", fits + 1)).await,
    ];
    received.dedup();
    received.join(" and ")
}

pub async fn answer(row: Row) -> String {
    called(&row, "/long", "/agent").await
}

pub async fn redirects(row: Row) -> String {
    called(&row, "/again", "/agent/again").await
}

pub async fn texts_of_a_step(row: Row) -> String {
    let (server, url) = (Server::start().await, endpoint().await);
    // The url counts, too.
    let eighth = row.amount() / 8 - url.len();
    let call =
        |times: usize| step("post", "http", json!({ "url": url, "method": "POST", "body": "${x}".repeat(times) }), &[]);
    let variables = json!({ "x": "x".repeat(eighth) });
    assert_eq!(run(&server, call(8), variables.clone()).await, "completed");
    run(&server, call(9), variables).await
}

pub async fn executions(_: Row) -> String {
    let server = Server::with(|config| config.runner.executions = 1).await;
    begin_twice(&server).await
}

pub async fn waits(_: Row) -> String {
    let server = Server::with(|config| config.runner.waits = 1).await;
    begin_twice(&server).await
}

async fn begin_twice(server: &Server) -> String {
    let steps = json!([step("wait", "wait", json!({ "seconds": 600 }), &[])]);
    let made = server.post("/api/workflows", json!({ "name": "W", "steps": steps })).await.ok();
    let path = format!("/api/workflows/{}/execute", made["workflow_id"].as_str().unwrap());
    server.post(&path, json!({})).await.ok();
    let refused = server.post(&path, json!({})).await;
    assert!(refused.headers.contains_key("retry-after"), "it does not say for how long");
    refused.status.to_string()
}

/// The status of the definition that exceeds the limit; the one that does not must be accepted.
async fn defined(fits: Value, exceeds: Value) -> String {
    let server = Server::start().await;
    let define = async |definition: Value| -> Answer { server.post("/api/workflows", definition).await };
    define(fits).await.ok();
    define(exceeds).await.status.to_string()
}

fn waiting() -> Value {
    step("s", "wait", json!({ "seconds": 1 }), &[])
}

fn workflow(step: Value) -> Value {
    json!({ "name": "W", "steps": [step] })
}

async fn step_with(field: &str, fits: Value, exceeds: Value) -> String {
    defined(workflow(with(waiting(), json!({ field: fits }))), workflow(with(waiting(), json!({ field: exceeds }))))
        .await
}

pub async fn steps(row: Row) -> String {
    let workflow = |count: usize| -> Value {
        let steps = (0..count).map(|at| with(waiting(), json!({ "name": format!("s{at}") })));
        json!({ "name": "W", "steps": steps.collect::<Vec<_>>() })
    };
    defined(workflow(row.amount()), workflow(row.amount() + 1)).await
}

pub async fn names(row: Row) -> String {
    let [fits, exceeds] = [row.amount(), row.amount() + 1].map(|length| "n".repeat(length));
    let named = |name: &str| json!({ "name": name, "steps": [waiting()] });
    let mut received = vec![defined(named(&fits), named(&exceeds)).await];
    received.push(step_with("name", fits.into(), exceeds.into()).await);
    received.dedup();
    received.join(" and ")
}

pub async fn retries(row: Row) -> String {
    step_with("max_retries", row.amount().into(), (row.amount() + 1).into()).await
}

pub async fn seconds(row: Row) -> String {
    let (fits, exceeds) = (json!(row.amount()), json!(row.amount() + 1));
    let mut received = Vec::new();
    for field in ["timeout_seconds", "retry_backoff_seconds"] {
        received.push(step_with(field, fits.clone(), exceeds.clone()).await);
    }
    received.push(step_with("config", json!({ "seconds": fits }), json!({ "seconds": exceeds })).await);
    received.dedup();
    received.join(" and ")
}

pub async fn condition(row: Row) -> String {
    let condition = |length: usize| json!(format!("true{}", " ".repeat(length - 4)));
    step_with("condition_expression", condition(row.amount()), condition(row.amount() + 1)).await
}

pub async fn levels_of_a_condition(row: Row) -> String {
    // `true` is a level, too.
    let condition = |levels: usize| json!(format!("{}true{}", "(".repeat(levels - 1), ")".repeat(levels - 1)));
    step_with("condition_expression", condition(row.amount()), condition(row.amount() + 1)).await
}

pub async fn pause(row: Row) -> String {
    let server = Server::start().await;
    let mut pauses = Vec::new();
    for seconds in [row.amount(), row.amount() + 1] {
        let call = json!({ "max_retries": 1, "retry_backoff_seconds": seconds });
        let id = execute(
            &server,
            json!([with(step("get", "http", json!({ "url": "http://127.0.0.1:9/" }), &[]), call)]),
            json!({}),
        )
        .await;
        crate::runner::until(&server, &id, |it| step_of(it, "get")["status"] == "retrying").await;
        let log = server.log().await;
        let retrying = log.iter().rfind(|event| event["event_type"] == "step_retrying").unwrap();
        pauses.push(retrying["data"]["retry_in_seconds"].as_f64().unwrap());
    }
    match pauses == [row.amount() as f64; 2] {
        true => "shortened".into(),
        false => format!("{pauses:?} s"),
    }
}

pub async fn resumptions(row: Row) -> String {
    let server = Server::start().await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        ids.push(execute(&server, json!([step("ask", "approval", json!({}), &[])]), json!({})).await);
    }
    let folder = server.stop().await;
    for (id, failed) in ids.iter().zip([row.amount() - 1, row.amount()]) {
        let state = engine::stored_state(folder.path(), id).await;
        let state = state.replace(r#""resumptions":0"#, &format!(r#""resumptions":{failed}"#));
        engine::store_state(folder.path(), id, &state).await;
    }
    let server = Server::again(folder, |_| {}).await;
    let outcome = ended(&server, &ids[1]).await;
    assert_eq!(execution(&server, &ids[0]).await["completed_at"], Value::Null, "it goes on");
    format!("the execution is {}", outcome["status"].as_str().unwrap())
}

pub async fn events_and_bodies(row: Row) -> String {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    // A little of it is for the rest of the event.
    let text = "x".repeat(row.amount() * 3 / 4);
    let mut received = Vec::new();
    for times in [1, 2] {
        let message = "${x}".repeat(times);
        let id = execute(&server, json!([ask("long", &ada.id, &message, &[])]), json!({ "x": text })).await;
        ended(&server, &id).await;
        let log = server.log().await;
        let asked = log.iter().rfind(|event| event["event_type"] == "agent_message" && event["data"]["role"] == "user");
        let asked = asked.unwrap()["data"]["text"].as_str().unwrap().to_owned();
        let activity = server.get(&format!("/workspaces/{}/activity", ada.id)).await.ok();
        let body = &activity.as_array().unwrap().iter().find(|it| it["activity_type"] == "a2a_receive").unwrap()["request_body"];
        let is_whole = asked.len() == times * text.len() && body["truncated"].is_null();
        let is_marked =
            asked.ends_with(&format!("… (truncated: {} bytes)", times * text.len())) && body["truncated"] == true;
        received.push(match (is_whole, is_marked) {
            (true, false) => "whole",
            (false, true) => "truncated with a marker",
            other => panic!("{other:?}"),
        });
    }
    assert_eq!(received[0], "whole");
    received[1].into()
}

pub async fn message_on_the_card(row: Row) -> String {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    let mut shown = Vec::new();
    for length in [row.amount(), row.amount() + 1] {
        let before = server.head().await;
        let id = execute(&server, json!([ask("ask", &ada.id, &"m".repeat(length), &[])]), json!({})).await;
        ended(&server, &id).await;
        let log = server.log_after(before).await;
        let task = log.iter().find(|event| event["event"] == "TASK_UPDATED").unwrap();
        shown.push(task["payload"]["current_task"].as_str().unwrap().to_owned());
    }
    assert_eq!(shown[0], "m".repeat(row.amount()));
    match shown[1].chars().count() == row.amount() && shown[1].ends_with('…') {
        true => "cut with …".into(),
        false => shown[1].clone(),
    }
}

/// A listener whose queue is full: further connections are not answered.
pub async fn connecting(row: Row) -> String {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(connected) = timeout(Duration::from_secs(1), TcpStream::connect(address)).await {
        waiting.push(connected.unwrap());
    }
    let server = Server::start().await;
    let since = Instant::now();
    let call = step("get", "http", json!({ "url": format!("http://{address}/") }), &[]);
    let received = run(&server, with(call, json!({ "timeout_seconds": 600 })), json!({})).await;
    assert!(since.elapsed() >= Duration::from_secs(row.amount() as u64), "{:?}", since.elapsed());
    received
}
