//! The log's SQLite file touched by hand, to make it refuse: nothing of a batch that failed is ever told. Never PostgreSQL.

use std::sync::Arc;

use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};

use crate::door::assert_projection_is_the_fold;
use crate::support::{Server, kinds};

async fn database(server: &Server) -> SqliteConnection {
    let path = server.folder.path().join("orrery.db");
    SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap()
}

#[tokio::test]
async fn a_batch_that_is_rolled_back_is_never_told() {
    let server = Arc::new(Server::start().await);
    let id = server.named("A").await;
    let mut socket = server.socket("/ws").await;
    let mut database = database(&server).await;
    let poison = "CREATE TRIGGER poison BEFORE INSERT ON structure_events WHEN NEW.payload LIKE '%poison%'
        BEGIN SELECT RAISE (ABORT, 'poisoned'); END";
    sqlx::query(poison).execute(&mut database).await.unwrap();

    // Those that share the batch with the poison are refused too, and none of them is half done.
    let calls = (0..40).map(|n| {
        let server = server.clone();
        tokio::spawn(async move {
            let name = if n % 8 == 3 { format!("poison {n}") } else { format!("good {n}") };
            let answer = server.post("/workspaces", json!({ "name": name, "model": "m" })).await;
            match answer.status {
                201 => Some(answer.body["id"].as_str().unwrap().to_owned()),
                // Refused alone, it is what the database does not accept; with others, nobody knows which of them it was.
                500 => None,
                _ => {
                    assert!(answer.refused(503).contains("could not be saved"));
                    None
                }
            }
        })
    });
    let calls: Vec<_> = calls.collect();
    let mut created = Vec::new();
    for call in calls {
        created.extend(call.await.unwrap());
    }
    assert!(created.len() <= 35);
    let log = server.log().await;
    let text = json!(log).to_string();
    assert!(!text.contains("poison"));
    assert_eq!(socket.events(log.len() - 1).await, log[1..]);
    for id in &created {
        let about: Vec<Value> = log.iter().filter(|event| event["workspace_id"] == *id).cloned().collect();
        assert_eq!(kinds(&about), ["WORKSPACE_PROVISIONING", "AGENT_ASSIGNED"]);
    }
    assert_eq!(server.get("/workspaces").await.ok().as_array().unwrap().len(), created.len() + 1);
    assert_projection_is_the_fold(&server).await;

    // A call of several events fails as a whole: the good child of a poisoned team is not there.
    let head = server.head().await;
    let team = json!({ "sub_workspaces": [{ "name": "fine" }, { "name": "poison" }] });
    server.post(&format!("/workspaces/{id}/expand"), team).await.refused(500);
    assert_eq!(server.head().await, head);
    // And the door stands open.
    server.patch(&format!("/workspaces/{id}"), json!({ "name": "B" })).await.ok();
    server.beat(&id).await.ok();
    assert_eq!(server.head().await, head + 2);
    // The plain socket never hears of the rename; it heard nothing else in between.
    assert_eq!(socket.events(1).await, server.log_after(head + 1).await);
    assert_projection_is_the_fold(&server).await;
}

#[tokio::test]
async fn structure_events_are_never_updated_or_deleted() {
    let server = Server::start().await;
    server.named("A").await;
    let mut database = database(&server).await;
    for sql in ["UPDATE structure_events SET payload = '{}'", "DELETE FROM structure_events"] {
        let error = sqlx::query(sql).execute(&mut database).await.unwrap_err().to_string();
        assert!(error.contains("append-only"), "{error}");
    }
}

#[tokio::test]
async fn somebody_elses_append_is_noticed() {
    let server = Server::start().await;
    let id = server.named("A").await;
    let mut database = database(&server).await;
    sqlx::query("UPDATE head SET seq = 2").execute(&mut database).await.unwrap();
    server.patch(&format!("/workspaces/{id}"), json!({ "name": "B" })).await.refused(503);
}
