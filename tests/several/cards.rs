//! Tests of the card of a workspace on which steps of several servers run, when the owner of one of them dies.

use orrery_tests::http::Http;
use orrery_tests::server_group::ServerGroup;
use orrery_tests::wait;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Starts an agent that accepts calls and does not respond.
async fn silent_agent() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut calls = Vec::new();
        while let Ok((call, _)) = listener.accept().await {
            calls.push(call);
        }
    });
    url
}

async fn begin(http: &Http, workspace: &str, name: &str) -> String {
    let step = json!({"name": name, "step_type": "agent", "config": {"message": format!("Do {name}")}, "workspace_id": workspace});
    let made = http.post("/api/workflows", json!({"name": name, "steps": [step]})).await.expect(201);
    let path = format!("/api/workflows/{}/execute", made["workflow_id"].as_str().unwrap());
    let begun = http.post(&path, json!({})).await.expect(202);
    format!("/api/workflows/executions/{}", begun["execution_id"].as_str().unwrap())
}

async fn card(http: &Http, workspace: &str) -> (Value, Value) {
    let row = http.get(&format!("/workspaces/{workspace}")).await.expect(200);
    (row["current_task"].clone(), row["active_tasks"].clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_takeover_removes_only_the_lost_step_from_the_card() {
    let mut several = ServerGroup::start(2, &[]).await;
    let https: Vec<Http> = several.servers.iter().map(|server| server.http()).collect();
    let made = https[0].post("/workspaces", json!({"name": "Ada"})).await.expect(201);
    let id = made["id"].as_str().unwrap();
    let registration = json!({"id": id, "url": silent_agent().await, "agent_card": {"name": "Ada"}});
    https[0].post("/registry/register", registration).await.expect(200);

    let lost = begin(&https[0], id, "one").await;
    wait::until("the first step", async || card(&https[1], id).await, |card| *card == (json!("Do one"), json!(1)))
        .await;
    let remaining = begin(&https[1], id, "two").await;
    assert_eq!(card(&https[1], id).await, (json!("Do two"), json!(2)));

    several.servers[0].kill();
    let get = async || https[1].get(&lost).await.expect(200)["status"].clone();
    wait::until("the takeover", get, |status| status == "failed").await;
    assert_eq!(card(&https[1], id).await, (json!("Do two"), json!(1)));
    https[1].post(&format!("{remaining}/cancel"), json!({})).await.expect(200);
    assert_eq!(card(&https[1], id).await, (json!(""), json!(0)));
}
