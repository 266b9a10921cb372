//! Who is let in, and what is said first.

use serde_json::{Value, json};

use super::client::{Client, Heard};
use crate::support::Server;

#[tokio::test]
async fn plain_socket_gets_documented_frames_and_nothing_else() {
    let server = Server::start().await;
    let mut plain = server.socket("/ws").await;
    let id = server.workspace("SEO", None).await;
    server.call(reqwest::Method::PATCH, &format!("/workspaces/{id}"), json!({ "name": "New name" })).await.ok();
    let run = orrery_protocol::RunEvent::new(orrery_protocol::RunEventKind::Progress, orrery_server::clock::now());
    server.run_event(run).await;
    server.tasks(&id, 1).await;
    let events = plain.events(2).await;
    let kinds: Vec<&Value> = events.iter().map(|event| &event["event"]).collect();
    assert_eq!(kinds, ["WORKSPACE_PROVISIONING", "TASK_UPDATED"]);
    assert_eq!(events[0]["payload"]["name"], "SEO");
    assert_eq!(events[0]["workspace_id"], json!(id));
    assert_eq!((&events[0]["seq"], &events[1]["seq"]), (&json!(1), &json!(4)));
}

#[tokio::test]
async fn the_first_time_is_a_hello_and_then_live() {
    let server = Server::start().await;
    let id = server.workspace("SEO", None).await;
    let mut client = server.socket("/ws?since=&include=runs").await;
    let hello = client.json().await;
    assert_eq!(hello["type"], "hello");
    assert_eq!((&hello["head"], &hello["oldest"], &hello["resumed"]), (&json!(1), &json!(1), &json!(false)));
    server.call(reqwest::Method::PATCH, &format!("/workspaces/{id}"), json!({ "name": "New name" })).await.ok();
    let updated = client.json().await;
    assert_eq!((&updated["event"], &updated["seq"]), (&json!("WORKSPACE_UPDATED"), &json!(2)));
    assert_eq!(updated["payload"], json!({ "name": "New name" }));
}

#[tokio::test]
async fn who_is_refused_and_why() {
    let server = Server::start().await;
    let id = server.workspace("Gone", None).await;
    server.call(reqwest::Method::DELETE, &format!("/workspaces/{id}?confirm=true"), None).await.ok();
    let refused = async |path: &str, headers: &[(&str, &str)]| match Client::open(&server, path, headers).await {
        Ok(_) => panic!("{path} was let in"),
        Err((status, body)) => {
            assert!(body["error"].is_string(), "{path}: {body}");
            status
        }
    };
    assert_eq!(refused("/ws", &[("x-workspace-id", "nobody")]).await, 404);
    assert_eq!(refused("/ws", &[("x-workspace-id", &id)]).await, 410);
    assert_eq!(refused("/ws", &[("x-workspace-id", &"x".repeat(257))]).await, 400);
    assert_eq!(refused("/ws?since=nonsense", &[]).await, 400);
    assert_eq!(refused("/ws/stream?since=e:-1", &[]).await, 400);
    assert_eq!(refused("/ws", &[("origin", "https://elsewhere.example")]).await, 403);
    assert_eq!(refused("/ws/agents/stream?agent_id=,%20", &[]).await, 400);
    assert_eq!(refused("/ws/tasks/a%0Ab", &[]).await, 400);
    assert_eq!(refused("/ws/nothing/here/at/all", &[]).await, 404);

    let plain = server.get("/ws").await;
    assert_eq!((plain.status, &plain.headers["upgrade"]), (426, &"websocket".parse().unwrap()));
    assert!(plain.body["error"].as_str().unwrap().contains("WebSocket"));
}

#[tokio::test]
async fn a_workspace_in_the_query_does_not_make_an_agent_or_widen_anything() {
    let server = Server::start().await;
    let mut canvas = server.socket("/ws?workspace_id=nobody").await;
    server.workspace("SEO", None).await;
    assert_eq!(canvas.json().await["event"], "WORKSPACE_PROVISIONING");
}

#[tokio::test]
async fn pages_of_the_same_origin_are_let_in() {
    let server = Server::start().await;
    let origin = server.url("");
    assert!(Client::open(&server, "/ws", &[("origin", &origin)]).await.is_ok());
}

#[tokio::test]
async fn in_a_secured_server_the_credential_decides() {
    let admin = "an admin token of some length";
    let server = Server::with(|config| config.admin_token = Some(admin.into())).await;
    let bearer = |token: &str| format!("Bearer {token}");
    let create = server.client.post(server.url("/workspaces")).header("authorization", bearer(admin));
    let made = crate::support::Answer::of(create.json(&json!({ "name": "A" }))).await.ok();
    let (id, token) = (made["id"].as_str().unwrap(), made["auth_token"].as_str().unwrap());
    let open = async |path: &str, token: Option<&str>, id: Option<&str>| {
        let token = token.map(bearer);
        let mut headers = Vec::new();
        headers.extend(token.as_deref().map(|token| ("authorization", token)));
        headers.extend(id.map(|id| ("x-workspace-id", id)));
        Client::open(&server, path, &headers).await.map_err(|(status, _)| status)
    };
    assert_eq!(open("/ws", None, None).await.err(), Some(401));
    assert_eq!(open("/ws", None, Some(id)).await.err(), Some(401));
    assert_eq!(open("/ws", Some("wrong"), None).await.err(), Some(401));
    assert_eq!(open("/ws", Some(token), Some("other")).await.err(), Some(403));
    assert_eq!(open("/ws/stream", Some(token), None).await.err(), Some(403));
    assert!(open("/ws", Some(admin), None).await.is_ok());
    // Without the header the token still narrows: its agent hears its own removal, and then the end.
    let mut agent = open("/ws", Some(token), None).await.ok().unwrap();
    let removal = server.client.delete(server.url(&format!("/workspaces/{id}?confirm=true")));
    crate::support::Answer::of(removal.header("authorization", bearer(admin))).await.ok();
    assert_eq!(agent.json().await["event"], "WORKSPACE_REMOVED");
    assert_eq!(agent.hear().await, Heard::Closed(4500, "this workspace was removed".into()));
}
