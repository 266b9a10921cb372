//! PostgreSQL goes away and comes back: callers hear 503 in plain words, reads and writes alike, and the server is ready
//! again by itself with everything that it acknowledged.

use orrery_server::config::Config;
use orrery_tests::postgres::Postgres;
use orrery_tests::wait;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Server};

async fn on(postgres: &Postgres) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::in_folder(folder.path());
    config.database_url = Some(postgres.url().as_str().into());
    let running = orrery_server::start(config).await.unwrap();
    Server { running, client: reqwest::Client::new(), folder }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_503_while_postgres_is_away_and_recovers_alone() {
    let mut postgres = Postgres::start().await;
    let server = on(&postgres).await;
    let id = server.named("A").await;
    let gone = server.named("gone").await;
    server.delete(&format!("/workspaces/{gone}")).await.ok();

    postgres.stop_immediately().await;
    let (workspace, missing) = (format!("/workspaces/{id}"), "/workspaces/nobody".to_owned());
    let calls: Vec<(Method, String, Option<Value>)> = vec![
        (Method::POST, "/workspaces".into(), Some(json!({ "name": "B" }))),
        (Method::PATCH, workspace.clone(), Some(json!({ "name": "B" }))),
        (Method::DELETE, workspace.clone(), None),
        (Method::POST, format!("{workspace}/token"), None),
        (Method::POST, format!("{workspace}/expand"), Some(json!({ "sub_workspaces": [{ "name": "a" }] }))),
        (Method::POST, "/registry/heartbeat".into(), Some(json!({ "workspace_id": id, "current_task": "t" }))),
        (Method::POST, "/registry/register".into(), Some(json!({ "id": id, "url": "http://a", "agent_card": {} }))),
        (Method::POST, format!("{workspace}/activity"), Some(json!({ "activity_type": "agent_log", "summary": "s" }))),
        (Method::POST, "/api/events".into(), Some(json!({ "event_type": "progress", "run_id": "r" }))),
        (Method::PUT, "/canvas/viewport".into(), Some(json!({ "x": 1.0, "y": 1.0, "zoom": 1.0 }))),
        (
            Method::PUT,
            "/canvas/positions".into(),
            Some(json!({ "positions": [{ "id": id, "x": 44.0, "y": 0.0, "pinned": true }] })),
        ),
        (Method::GET, missing, None),
        (Method::GET, format!("/workspaces/{gone}"), None),
        (Method::GET, "/events".into(), None),
        (Method::GET, format!("/events/{id}"), None),
        (Method::GET, format!("{workspace}/activity"), None),
        (Method::GET, "/snapshot".into(), None),
        (Method::GET, "/canvas/viewport".into(), None),
        (Method::GET, "/api/tasks".into(), None),
        (Method::GET, "/api/workflows".into(), None),
        (Method::GET, "/api/workflows/executions".into(), None),
        (Method::GET, "/health/ready".into(), None),
    ];
    for (method, path, body) in calls {
        let answer = server.call(method.clone(), &path, body).await;
        assert_eq!(answer.status, 503, "{method} {path}: {}", answer.body);
        assert!(path == "/health/ready" || answer.headers.contains_key("retry-after"), "{method} {path}");
        let words = answer.refused(503);
        assert!(!words.contains("something went wrong"), "{method} {path}: {words}");
    }
    // What needs no database goes on.
    assert_eq!(server.row(&id).await["name"], "A");
    server.get("/health/live").await.ok();

    postgres.restart().await;
    let ready = async || Answer::of(server.request(Method::GET, "/health/ready")).await.status;
    wait::until("the server to be ready", ready, |status| *status == 200).await;
    server.patch(&workspace, json!({ "name": "C" })).await.ok();
    crate::door::assert_projection_is_the_fold(&server).await;
    let again = on(&postgres).await;
    assert_eq!(again.row(&id).await["name"], "C");
    again.stop().await;
    server.stop().await;
}
