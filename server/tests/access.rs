//! Who may call: tokens, the header that narrows, and origins. Never sockets.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Server};

const ADMIN: &str = "the-operators-own-token";

async fn call(server: &Server, token: &str, method: Method, path: &str, body: Value) -> Answer {
    let request = server.request(method, path).bearer_auth(token).json(&body);
    Answer::of(request).await
}

async fn secured() -> Server {
    Server::with(|config| config.admin_token = Some(ADMIN.into())).await
}

async fn created(server: &Server, name: &str) -> (String, String) {
    let said = json!({ "name": name });
    let answer = call(server, ADMIN, Method::POST, "/workspaces", said).await.ok();
    (answer["id"].as_str().unwrap().to_owned(), answer["auth_token"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn without_a_credential_nothing_is_told_in_secured_mode() {
    let server = secured().await;
    let (id, _) = created(&server, "A").await;
    let paths = ["/workspaces", "/events", "/metrics", "/canvas/viewport"];
    let own = [format!("/workspaces/{id}"), format!("/events/{id}"), format!("/workspaces/{id}/activity")];
    for path in paths.iter().map(|path| path.to_string()).chain(own) {
        server.get(&path).await.refused(401);
        let header_alone = server.request(Method::GET, &path).header("x-workspace-id", &id);
        Answer::of(header_alone).await.refused(401);
        call(&server, "wrong", Method::GET, &path, Value::Null).await.refused(401);
        let basic = server.request(Method::GET, &path).basic_auth("admin", Some(ADMIN));
        Answer::of(basic).await.refused(401);
        assert_eq!(call(&server, ADMIN, Method::GET, &path, Value::Null).await.status, 200, "{path}");
    }
    server.get("/health/live").await.ok();
    server.get("/health/ready").await.ok();
}

#[tokio::test]
async fn a_workspaces_token_is_for_its_own_things() {
    let server = secured().await;
    let ((one, token), (two, _)) = (created(&server, "One").await, created(&server, "Two").await);
    let card = json!({ "name": "x" });
    let beat = |id: &str| json!({ "workspace_id": id });
    let own = [
        (Method::POST, "/registry/register".to_owned(), json!({ "id": one, "url": "", "agent_card": card })),
        (Method::POST, "/registry/heartbeat".into(), beat(&one)),
        (Method::POST, "/registry/update-card".into(), json!({ "workspace_id": one, "agent_card": card })),
        (Method::POST, format!("/workspaces/{one}/activity"), json!({ "activity_type": "a" })),
        (Method::GET, format!("/workspaces/{one}/activity"), Value::Null),
        (Method::GET, format!("/workspaces/{one}"), Value::Null),
        (Method::GET, format!("/events/{one}"), Value::Null),
        (Method::GET, format!("/registry/{one}/peers"), Value::Null),
        (Method::GET, format!("/registry/discover/{two}"), Value::Null),
        (Method::POST, "/registry/check-access".into(), json!({ "caller_id": one, "target_id": two })),
        (Method::POST, format!("/workspaces/{one}/expand"), json!({ "sub_workspaces": [{ "name": "a" }] })),
        (Method::POST, format!("/workspaces/{one}/collapse"), json!({})),
    ];
    for (method, path, body) in own {
        call(&server, &token, method, &path, body).await.ok();
    }
    let others = [
        (Method::POST, "/registry/register".to_owned(), json!({ "id": two, "url": "", "agent_card": card })),
        (Method::POST, "/registry/heartbeat".into(), beat(&two)),
        (Method::POST, "/registry/heartbeat".into(), beat("nobody")),
        (Method::POST, format!("/workspaces/{two}/activity"), json!({ "activity_type": "a" })),
        (Method::GET, format!("/workspaces/{two}"), Value::Null),
        (Method::GET, format!("/events/{two}"), Value::Null),
        (Method::GET, format!("/registry/{two}/peers"), Value::Null),
        (Method::POST, "/registry/check-access".into(), json!({ "caller_id": two, "target_id": one })),
        (Method::GET, "/workspaces".into(), Value::Null),
        (Method::GET, "/events".into(), Value::Null),
        (Method::POST, "/workspaces".into(), json!({ "name": "x" })),
        (Method::PATCH, format!("/workspaces/{one}"), json!({ "name": "x" })),
        (Method::DELETE, format!("/workspaces/{one}"), Value::Null),
        (Method::POST, format!("/workspaces/{one}/restart"), json!({})),
        (Method::POST, format!("/workspaces/{one}/agent"), json!({ "model": "m" })),
        (Method::PUT, "/canvas/viewport".into(), json!({ "x": 0, "y": 0, "zoom": 1 })),
        (Method::PUT, "/canvas/positions".into(), json!({ "positions": [] })),
        (Method::POST, "/canvas/tidy".into(), json!({})),
    ];
    for (method, path, body) in others {
        let answer = call(&server, &token, method, &path, body).await;
        assert_eq!(answer.status, 403, "{path}: {}", answer.body);
    }
    let mismatch = server.request(Method::GET, &format!("/workspaces/{one}")).bearer_auth(&token);
    Answer::of(mismatch.header("x-workspace-id", &two)).await.refused(403);
    call(&server, ADMIN, Method::DELETE, &format!("/workspaces/{one}"), Value::Null).await.ok();
    call(&server, &token, Method::POST, "/registry/heartbeat", beat(&one)).await.refused(401);
}

#[tokio::test]
async fn pages_of_other_origins_are_refused() {
    let server = Server::with(|config| config.allow_origin = vec!["https://canvas.example".into()]).await;
    let own = format!("http://{}", server.running.addr);
    for (origin, status) in [
        (own.as_str(), 201),
        ("https://canvas.example", 201),
        ("http://127.0.0.1:8080", 201),
        ("https://evil.example", 403),
        ("http://127.0.0.1:1", 403),
        ("null", 403),
    ] {
        let request =
            server.request(Method::POST, "/workspaces").header("origin", origin).json(&json!({ "name": "A" }));
        let answer = Answer::of(request).await;
        assert_eq!(answer.status, status, "{origin}");
        let allowed = answer.headers.get("access-control-allow-origin").map(|it| it.to_str().unwrap());
        assert_eq!(allowed, (status == 201).then_some(origin));
    }
    let preflight = server.request(Method::OPTIONS, "/workspaces").header("origin", "https://canvas.example");
    let answer = Answer::of(preflight.header("access-control-request-method", "PATCH")).await;
    assert_eq!(answer.status, 204);
    assert!(answer.headers["access-control-allow-methods"].to_str().unwrap().contains("PATCH"));
}
