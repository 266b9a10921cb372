//! Every agent of `data/a2a_tasks.json`: it is asked without blocking, looked after until its task ends, and told of a time-out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::{ask, ended, execute, step_of, with};
use crate::support::Server;

/// The calls of each agent, by its place in the table.
type Calls = Arc<Mutex<HashMap<usize, Vec<Value>>>>;

fn cases() -> Vec<Value> {
    serde_json::from_str(include_str!("../data/a2a_tasks.json")).unwrap()
}

async fn answer(State(calls): State<Calls>, Json(call): Json<Value>) -> (StatusCode, Json<Value>) {
    let (params, cases) = (&call["params"], cases());
    let name = params["message"]["parts"][0]["text"].as_str().or(params["id"].as_str()).unwrap();
    let at = cases.iter().position(|case| case["name"] == name).unwrap();
    let replies = cases[at]["replies"].as_array().unwrap();
    let count = {
        let mut calls = calls.lock().unwrap();
        let own = calls.entry(at).or_default();
        own.push(call.clone());
        own.len()
    };
    let task = |state: &str| {
        let artifacts = json!([{ "parts": [{ "kind": "text", "text": "done" }] }]);
        json!({ "result": { "kind": "task", "id": name, "status": { "state": state }, "artifacts": artifacts } })
    };
    let mut status = StatusCode::OK;
    let body = match &replies[(count - 1).min(replies.len() - 1)] {
        _ if call["method"] == "tasks/cancel" => task("canceled"),
        Value::Number(code) => {
            status = StatusCode::from_u16(code.as_u64().unwrap() as u16).unwrap();
            json!({ "detail": "no" })
        }
        Value::String(reply) if reply == "not found" => {
            json!({ "error": { "code": -32001, "message": "Task not found" } })
        }
        Value::String(reply) if reply == "silence" => {
            sleep(Duration::from_secs(600)).await;
            json!({})
        }
        Value::String(reply) if reply.starts_with("late") => {
            sleep(Duration::from_millis(700)).await;
            task(if reply == "late" { "working" } else { "completed" })
        }
        reply => task(reply.as_str().unwrap()),
    };
    (status, Json(body))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_polled_until_it_ends_and_cancelled_when_its_step_gives_up() {
    let calls = Calls::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().route("/", post(answer)).with_state(calls.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });

    let server = Server::start().await;
    let id = server.named("Ada").await;
    let registration = json!({ "id": id, "url": url, "agent_card": { "name": "Ada" } });
    server.post("/registry/register", registration).await.ok();
    let steps = cases().into_iter().map(|case| {
        let name = case["name"].as_str().unwrap();
        with(ask(name, &id, name, &[]), json!({ "timeout_seconds": case["timeout_seconds"] }))
    });
    let execution = execute(&server, steps.collect(), json!({})).await;
    let done = ended(&server, &execution).await;
    for (at, case) in cases().iter().enumerate() {
        let step = step_of(&done, case["name"].as_str().unwrap());
        match case["error"].as_str() {
            None => assert_eq!(step["output_data"]["text"], case["output"], "{case}: {step}"),
            Some(error) => {
                assert!(step["error_message"].as_str().unwrap().contains(error), "{case}: {step}");
            }
        }
        let own = || calls.lock().unwrap()[&at].clone();
        if let Some(last) = case["ends_with"].as_str() {
            for attempt in 0.. {
                if own().last().unwrap()["method"] == last {
                    break;
                }
                assert!(attempt < 1000, "{case}: {:?}", own());
                sleep(Duration::from_millis(10)).await;
            }
        }
    }
    // Long enough for a call that must not be made.
    sleep(Duration::from_secs(1)).await;
    for (at, case) in cases().iter().enumerate() {
        let own = calls.lock().unwrap()[&at].clone();
        let methods: Vec<&Value> = own.iter().map(|call| &call["method"]).collect();
        assert_eq!(own[0]["params"]["configuration"], json!({ "blocking": false, "acceptedOutputModes": [] }));
        if case["calls"].is_array() {
            assert_eq!(json!(methods), case["calls"], "{case}");
        }
        let cancels = methods.iter().filter(|method| **method == "tasks/cancel").count();
        assert_eq!(cancels, usize::from(case["ends_with"] == "tasks/cancel"), "{case}");
    }
}
