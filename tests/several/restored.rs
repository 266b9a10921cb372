//! Tests of a server whose log was replaced.

use orrery_tests::server_group::ServerGroup;
use orrery_tests::wait;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_not_ready_after_its_log_was_replaced() {
    let several = ServerGroup::start(1, &[]).await;
    let http = several.servers[0].http();
    http.post("/workspaces", json!({"name": "A"})).await.expect(201);
    http.get("/health/ready").await.expect(200);
    several.postgres.run("UPDATE head SET epoch = 'another'").await;
    let refused = http.get("/health/ready").await;
    assert_eq!(refused.status, 503);
    assert!(refused.text.contains("the log was replaced"), "{}", refused.text);
    assert_eq!(http.post("/workspaces", json!({"name": "B"})).await.status, 503);
    wait::until("the log to say so", async || several.servers[0].log(), |log| log.contains("start this server anew"))
        .await;
}
