//! A heartbeat that proves life counts, whatever its task says.

use std::time::Duration;

use serde_json::json;

use crate::support::Server;

#[tokio::test]
async fn a_heartbeat_counts_whatever_its_task_says() {
    let server = Server::start().await;
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for (task, expected) in [
        (r#""half \ud83d""#, Ok("half \u{fffd}")),
        ("7", Err("current_task")),
        ("1e999", Err("current_task")),
        (deep.as_str(), Err("64 levels")),
        (r#"{"text":"x"}"#, Err("current_task")),
        ("null", Ok("")),
    ] {
        let id = server.named("A").await;
        let body = format!(r#"{{"workspace_id":"{id}","current_task":{task},"active_tasks":1}}"#);
        let answer = server.post_text("/registry/heartbeat", body).await.ok();
        let row = server.row(&id).await;
        assert_eq!((&row["status"], &row["active_tasks"]), (&json!("online"), &json!(1)), "{task}");
        match expected {
            Ok(text) => {
                assert_eq!(answer, json!({ "status": "ok" }));
                assert_eq!(row["current_task"].as_str().unwrap_or_default(), text);
            }
            Err(words) => {
                let ignored = answer["ignored"][0].as_str().unwrap();
                assert!(ignored.contains("current_task") && ignored.contains(words), "{ignored}");
            }
        }
    }
}

#[tokio::test]
async fn a_task_that_cannot_be_read_leaves_the_one_that_is_known() {
    let server = Server::start().await;
    let id = server.named("A").await;
    server.heartbeat(&id, json!({ "current_task": "Reading" })).await.ok();
    server.heartbeat(&id, json!({ "current_task": ["x"], "sample_error": {} })).await.ok();
    assert_eq!(server.row(&id).await["current_task"], "Reading");
    // What else cannot be read is refused, and named.
    let words = server.heartbeat(&id, json!({ "current_task": [], "error_rate": "low" })).await.refused(400);
    assert!(words.contains("error_rate"), "{words}");
}

#[tokio::test]
async fn a_refused_heartbeat_keeps_an_agent_online() {
    let server = Server::with(|config| config.heartbeat_ttl = Duration::from_millis(1500)).await;
    let (refused, silent) = (server.named("A").await, server.named("B").await);
    server.beat(&refused).await.ok();
    server.beat(&silent).await.ok();
    while server.row(&silent).await["status"] != "offline" {
        server.heartbeat(&refused, json!({ "error_rate": 7 })).await.refused(400);
        assert_eq!(server.row(&refused).await["status"], "online");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
