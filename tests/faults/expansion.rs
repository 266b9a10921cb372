//! Executions whose variables would expand to gigabytes: their steps fail, and every server survives.

use std::time::Duration;

use orrery_tests::http::Http;
use orrery_tests::wait;
use reqwest::Method;
use serde_json::{Value, json};

use crate::cluster::Cluster;

/// Number of executions started on each server.
const EACH: usize = 2;

/// Starts the executions on every server, kills and restarts one of them while they wait, and checks how each ends.
pub async fn survive_huge_expansion(cluster: &mut Cluster) {
    let servers: Vec<Http> = cluster.servers.iter().map(|server| server.http()).collect();
    let variable = "x".repeat(200_000);
    let bomb = "${x}".repeat(20_000);
    let http = |name: &str, body: &Value, after: &[&str]| json!({"name": name, "step_type": "http", "config": {"url": "http://127.0.0.1:9/", "method": "POST", "body": body}, "depends_on_steps": after});
    let steps = json!([
        http("at once", &json!(bomb), &[]),
        {"name": "pause", "step_type": "wait", "config": {"seconds": 2}},
        http("later", &json!([bomb]), &["pause"]),
    ]);
    let made = call(&servers[0], "/api/workflows", json!({"name": "A huge expansion", "steps": steps})).await;
    let path = format!("/api/workflows/{}/execute", made["workflow_id"].as_str().unwrap());
    let mut executions = Vec::new();
    for server in servers.iter().cycle().take(servers.len() * EACH) {
        let begun = call(server, &path, json!({"input_variables": {"x": variable}})).await;
        executions.push(format!("/api/workflows/executions/{}", begun["execution_id"].as_str().unwrap()));
    }
    cluster.servers[0].kill();
    cluster.servers[0].restart().await;
    for execution in &executions {
        let get = async || servers[1].try_call(Method::GET, execution, None).await.ok().map(|answer| answer.json());
        let done = wait::until("a huge expansion to fail", get, |now| {
            now.as_ref().is_some_and(|now| now["completed_at"].is_string())
        });
        let done = done.await.unwrap();
        let error = done["steps"][2]["error_message"].as_str().unwrap_or_default();
        assert!(done["status"] == "failed" && error.contains("larger than 1024 KiB"), "{done}");
    }
    for server in &servers {
        server.get("/health/live").await.expect(200);
    }
    println!("{} huge expansions of 4 GB each: all failed their steps, every server lives", executions.len());
}

/// Repeats a call until it has a response, because the cluster may still be recovering.
async fn call(server: &Http, path: &str, body: Value) -> Value {
    loop {
        match server.try_call(Method::POST, path, Some(body.clone())).await {
            Ok(answer) if answer.status < 300 => return answer.json(),
            Ok(answer) => assert!(answer.status >= 429, "{path}: {}", answer.text),
            Err(_) => {}
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
