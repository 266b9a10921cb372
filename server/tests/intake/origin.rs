//! Calls of clients that were written for other servers with this protocol.

use axum::routing::post;
use axum::{Json, Router};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::cases;
use crate::quotas::{ADMIN, call, secured, workspace};
use crate::support::{Answer, Server};

#[tokio::test]
async fn calls_that_are_not_served_are_answered_404_with_a_plain_error() {
    let server = Server::start().await;
    let id = server.named("A").await;
    for case in cases(include_str!("../data/unserved_calls.json")) {
        let method: Method = case["method"].as_str().unwrap().parse().unwrap();
        let answer = server.call(method, &case["path"].as_str().unwrap().replace("ID", &id), None).await;
        assert_eq!(answer.refused(404), "there is nothing at this path", "{case}");
    }
}

#[tokio::test]
async fn events_of_a_workspace_have_the_names_of_the_columns_too() {
    let server = Server::start().await;
    let id = server.named("A").await;
    server.beat(&id).await.ok();
    let events = server.get(&format!("/events/{id}")).await.ok();
    assert_eq!(events.as_array().unwrap().len(), 2);
    for event in events.as_array().unwrap() {
        assert_eq!((&event["id"], &event["event_type"]), (&event["seq"], &event["event"]));
        assert_eq!(event["created_at"], event["timestamp"]);
    }
    assert!(events[0]["payload"]["x"].is_number() && events[0]["payload"]["name"] == "A");
    assert!(server.log().await[0].get("event_type").is_none());
}

#[tokio::test]
async fn activity_is_filtered_by_whether_an_agent_caused_it() {
    let server = Server::start().await;
    let id = server.named("A").await;
    let path = format!("/workspaces/{id}/activity");
    server.post(&path, json!({ "activity_type": "a", "source_id": id })).await.ok();
    server.post(&path, json!({ "activity_type": "b", "source_id": null })).await.ok();
    for (source, kinds) in
        [("agent", json!(["a"])), ("canvas", json!(["b"])), (&*id, json!(["a"])), ("", json!(["b", "a"]))]
    {
        let rows = server.get(&format!("{path}?source={source}")).await.ok();
        let found: Vec<&Value> = rows.as_array().unwrap().iter().map(|row| &row["activity_type"]).collect();
        assert_eq!(json!(found), kinds, "{source}");
    }
}

#[tokio::test]
async fn definitions_have_ids_under_both_names_and_pending_approvals_are_listed() {
    let server = Server::start().await;
    assert_eq!(server.get("/health").await.ok()["status"], "ready");
    let steps = json!([{ "name": "ask", "step_type": "approval", "config": { "title": "?" } }]);
    let made = server.post("/api/workflows", json!({ "name": "W", "steps": steps })).await.ok();
    let read = server.get(&format!("/api/workflows/{}", made["id"].as_str().unwrap())).await.ok();
    let listed = server.get("/api/workflows").await.ok()[0].clone();
    for workflow in [&made, &read, &listed] {
        assert!(workflow["id"].is_string() && workflow["id"] == workflow["workflow_id"], "{workflow}");
        let step = &workflow["steps"][0];
        assert!(step["id"].is_string() && step["id"] == step["step_id"], "{step}");
    }
    assert_eq!(server.get("/approvals/pending").await.ok(), json!([]));
    let begun = server.post(&format!("/api/workflows/{}/execute", made["id"].as_str().unwrap()), json!({})).await.ok();
    let pending = async || -> Vec<Value> { server.get("/approvals/pending").await.ok().as_array().unwrap().clone() };
    for _ in 0..1500 {
        if !pending().await.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let waiting = pending().await;
    assert_eq!((waiting.len(), &waiting[0]["execution_id"]), (1, &begun["execution_id"]));
    assert_eq!((&waiting[0]["step_id"], &waiting[0]["step_name"]), (&made["steps"][0]["id"], &json!("ask")));
    let path = format!("/api/workflows/executions/{}/steps/ask/approve", begun["execution_id"].as_str().unwrap());
    server.post(&path, json!({ "approved": true })).await.ok();
    for _ in 0..1500 {
        if pending().await.is_empty() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the approval stays in the list");
}

async fn echo(Json(call): Json<Value>) -> Json<Value> {
    Json(json!({ "jsonrpc": "2.0", "id": call["id"], "result": call["params"] }))
}

#[tokio::test]
async fn a_message_is_passed_on_to_the_agent_and_logged_with_the_role_of_the_credential() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().route("/", post(echo));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });

    let server = secured(Default::default()).await;
    let ((id, token), (sibling, siblings)) = (workspace(&server, "a").await, workspace(&server, "b").await);
    let path = format!("/workspaces/{id}/a2a");
    let message = json!({ "jsonrpc": "2.0", "id": 7, "method": "message/send", "params": { "a": 1 } });
    call(&server, ADMIN, &path, message.clone()).await.refused(409);
    let registration = json!({ "id": id, "url": url, "agent_card": { "name": "A" } });
    call(&server, &token, "/registry/register", registration).await.ok();
    for credential in [ADMIN, siblings.as_str()] {
        let answer = call(&server, credential, &path, message.clone()).await.ok();
        assert_eq!(answer, json!({ "jsonrpc": "2.0", "id": 7, "result": { "a": 1 } }));
    }
    call(&server, ADMIN, &path, json!({ "method": "message/send" })).await.refused(400);
    let get = server.request(Method::GET, &format!("/workspaces/{id}/activity")).bearer_auth(ADMIN);
    let rows = Answer::of(get).await.ok();
    let sources: Vec<&Value> = rows.as_array().unwrap().iter().map(|row| &row["source_id"]).collect();
    assert_eq!(json!(sources), json!([sibling, null]));
    assert_eq!((&rows[0]["activity_type"], &rows[0]["status"]), (&json!("a2a_receive"), &json!("ok")));
    assert_eq!((&rows[0]["request_body"], &rows[0]["response_body"]["result"]), (&message, &json!({ "a": 1 })));
}
