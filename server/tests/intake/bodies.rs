//! Numbers and optional fields in the ways in which languages write them.

use reqwest::Method;
use serde_json::Value;

use super::cases;
use crate::support::Server;

#[tokio::test]
async fn integral_floats_nulls_and_empty_texts_are_read_as_they_are_meant() {
    let server = Server::start().await;
    let id = server.named("A").await;
    for case in cases(include_str!("../data/bodies.json")) {
        let method: Method = case["method"].as_str().unwrap().parse().unwrap();
        let path = case["path"].as_str().unwrap().replace("ID", &id);
        let body: Option<Value> = case
            .get("body")
            .map(|body| serde_json::from_str(&body.to_string().replace("\"ID\"", &format!("\"{id}\""))).unwrap());
        let answer = server.call(method, &path, body).await;
        assert_eq!(u64::from(answer.status), case["status"].as_u64().unwrap(), "{case}: {}", answer.body);
        if let Some(field) = case["error"].as_str() {
            assert!(answer.body["error"].as_str().unwrap().contains(field), "{case}: {}", answer.body);
        }
        for (key, value) in case["row"].as_object().into_iter().flatten() {
            assert_eq!(&server.row(&id).await[key], value, "{case}");
        }
    }
    let activity = server.get(&format!("/workspaces/{id}/activity")).await.ok();
    let durations: Vec<_> = activity.as_array().unwrap().iter().map(|entry| entry["duration_ms"].as_u64()).collect();
    assert_eq!(durations, [None, None, Some(1000), Some(13)]);
}
