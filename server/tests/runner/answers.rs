//! Every answer of an agent in `data/a2a_answers.json`: what counts as success, and how a failure quotes what came.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{ask, ended, execute, step_of};
use crate::support::Server;

async fn answer(State(cases): State<Arc<Vec<Value>>>, Json(call): Json<Value>) -> (StatusCode, String) {
    let case = &call["params"]["message"]["parts"][0]["text"];
    let case = &cases[case.as_str().unwrap().parse::<usize>().unwrap()];
    let status = case["status"].as_u64().unwrap_or(200) as u16;
    let text = case["text"].as_str().map_or_else(|| case["answer"].to_string(), str::to_owned);
    (StatusCode::from_u16(status).unwrap(), text)
}

#[tokio::test(flavor = "multi_thread")]
async fn only_recognised_answers_count_as_success() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../data/a2a_answers.json")).unwrap();
    let cases = Arc::new(cases);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().route("/", post(answer)).with_state(cases.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });

    let server = Server::start().await;
    let id = server.named("Ada").await;
    let registration = json!({ "id": id, "url": url, "agent_card": { "name": "Ada" } });
    server.post("/registry/register", registration).await.ok();
    let steps =
        cases.iter().enumerate().map(|(at, case)| ask(case["name"].as_str().unwrap(), &id, &at.to_string(), &[]));
    let execution = execute(&server, steps.collect(), json!({})).await;
    let done = ended(&server, &execution).await;
    for case in cases.iter() {
        let step = step_of(&done, case["name"].as_str().unwrap());
        match case["error"].as_str() {
            None => {
                assert_eq!((&step["status"], &step["output_data"]), (&json!("completed"), &case["output"]), "{case}");
            }
            Some(expected) => {
                let error = step["error_message"].as_str().unwrap_or_else(|| panic!("{case} succeeded: {step}"));
                assert!(error.contains(expected), "{case}: {error}");
                assert!(error.len() < 400, "{case}: {error}");
            }
        }
    }
}
