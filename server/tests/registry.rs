//! `/registry/*`: what agents say of themselves and ask of each other. Never the timers.

use serde_json::{Value, json};

use crate::support::{Answer, Server, kinds};

#[tokio::test]
async fn the_first_sign_of_life_brings_a_workspace_online() {
    let server = Server::start().await;
    let (one, two) = (server.named("One").await, server.named("Two").await);
    let before = server.head().await;
    let card = json!({ "name": "One", "skills": ["a", { "id": "b" }] });
    let register = |url: &str, card: &Value| json!({ "id": one, "url": url, "agent_card": card });
    let answer = server.post("/registry/register", register("http://one:8000", &card)).await.ok();
    // Its creator has its token.
    assert_eq!(answer, json!({ "status": "registered" }));
    server.beat(&two).await.ok();
    // Nothing new is nothing told; a new place is.
    server.post("/registry/register", register("http://one:8000", &card)).await.ok();
    server.beat(&one).await.ok();
    server.post("/registry/register", register("http://one:9000", &card)).await.ok();
    let events = server.log_after(before).await;
    assert_eq!(kinds(&events), ["WORKSPACE_ONLINE"; 3]);
    assert_eq!(events[0]["payload"], json!({ "url": "http://one:8000", "agent_card": card }));
    assert_eq!(events[1]["payload"], json!({ "url": "", "agent_card": null }));
    assert_eq!(events[2]["payload"]["url"], "http://one:9000");
    let row = server.row(&one).await;
    assert_eq!(json!([row["status"], row["url"], row["agent_card"]]), json!(["online", "http://one:9000", card]));
}

#[tokio::test]
async fn a_heartbeat_tells_what_changed_and_nothing_else() {
    let server = Server::start().await;
    let id = server.named("A").await;
    let rate = |rate: f64| json!({ "error_rate": rate, "sample_error": "limit" });
    let task = |task: Value, active: u32| json!({ "current_task": task, "active_tasks": active });
    let table: Vec<(Value, Vec<(&str, Value)>)> = vec![
        (
            rate(0.9),
            vec![
                ("WORKSPACE_ONLINE", json!({ "url": "", "agent_card": null })),
                ("WORKSPACE_DEGRADED", json!({ "error_rate": 0.9, "sample_error": "limit" })),
            ],
        ),
        (rate(0.6), vec![]),
        (rate(0.1), vec![]),
        (rate(0.09), vec![("WORKSPACE_ONLINE", json!({ "url": "", "agent_card": null }))]),
        (rate(0.49), vec![]),
        (rate(0.5), vec![("WORKSPACE_DEGRADED", json!({ "error_rate": 0.5, "sample_error": "limit" }))]),
        (rate(0.0), vec![("WORKSPACE_ONLINE", json!({ "url": "", "agent_card": null }))]),
        (task(json!("think"), 1), vec![("TASK_UPDATED", json!({ "current_task": "think", "active_tasks": 1 }))]),
        (task(json!("think"), 1), vec![]),
        (task(json!("think"), 2), vec![("TASK_UPDATED", json!({ "current_task": "think", "active_tasks": 2 }))]),
        (task(Value::Null, 0), vec![("TASK_UPDATED", json!({ "current_task": "", "active_tasks": 0 }))]),
        (task(json!(""), 0), vec![]),
    ];
    for (said, want) in table {
        let before = server.head().await;
        assert_eq!(server.heartbeat(&id, said.clone()).await.ok(), json!({ "status": "ok" }));
        let events = server.log_after(before).await;
        let told: Vec<_> = events.iter().map(|it| (it["event"].as_str().unwrap(), it["payload"].clone())).collect();
        assert_eq!(told, want, "{said}");
    }
    server.heartbeat(&id, json!({ "error_rate": 0.25, "sample_error": "x", "uptime_seconds": 77.9 })).await.ok();
    let row = server.row(&id).await;
    let shown = json!([row["last_error_rate"], row["last_sample_error"], row["uptime_seconds"]]);
    assert_eq!(shown, json!([0.25, "x", 77]), "vitals are not events, but rows show them");
    let folder = server.stop().await;
    let server = Server::again(folder, |_| {}).await;
    assert_eq!(server.row(&id).await["last_error_rate"], 0.25, "and they are saved when the server stops");
}

#[tokio::test]
async fn the_shortest_heartbeat_is_an_id() {
    let server = Server::start().await;
    let id = server.named("A").await;
    server.post("/registry/heartbeat", json!({ "workspace_id": id })).await.ok();
    assert_eq!(server.row(&id).await["status"], "online");
}

#[tokio::test]
async fn a_card_is_told_when_it_differs() {
    let server = Server::start().await;
    let id = server.named("A").await;
    let before = server.head().await;
    let said = json!({ "workspace_id": id, "agent_card": { "b": 1, "a": [{ "name": "x" }] } });
    let again = json!({ "workspace_id": id, "agent_card": { "a": [{ "name": "x" }], "b": 1 } });
    assert_eq!(server.post("/registry/update-card", said.clone()).await.ok(), json!({ "status": "updated" }));
    server.post("/registry/update-card", again).await.ok();
    let events = server.log_after(before).await;
    assert_eq!(kinds(&events), ["AGENT_CARD_UPDATED"]);
    assert_eq!(events[0]["payload"]["agent_card"], said["agent_card"]);
}

/// top ── left ── leaf, top ── right, other
#[tokio::test]
async fn agents_find_those_whom_they_can_talk_to() {
    let server = Server::start().await;
    let top = server.named("top").await;
    let left = server.inside("left", &top).await;
    let right = server.inside("right", &top).await;
    let leaf = server.inside("leaf", &left).await;
    let other = server.named("other").await;
    let all = [("top", &top), ("left", &left), ("right", &right), ("leaf", &leaf), ("other", &other)];
    let reach = [
        ("top", vec!["left", "other", "right"]),
        ("left", vec!["leaf", "right", "top"]),
        ("right", vec!["left", "top"]),
        ("leaf", vec!["left"]),
        ("other", vec!["top"]),
    ];
    for ((name, id), (_, want)) in all.iter().zip(&reach) {
        let peers = server.get(&format!("/registry/{id}/peers")).await.ok();
        let mut names: Vec<&str> = peers.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(&names, want, "{name}");
        for (target, target_id) in &all {
            let allowed = target == name || want.contains(target);
            let asked = json!({ "caller_id": id, "target_id": target_id });
            let answer = server.post("/registry/check-access", asked).await.ok();
            assert_eq!(answer, json!({ "allowed": allowed }), "{name} to {target}");
            let path = format!("/registry/discover/{target_id}");
            let request = server.request(reqwest::Method::GET, &path).header("x-workspace-id", id.as_str());
            let answer = Answer::of(request).await;
            assert_eq!(answer.status, if allowed { 200 } else { 403 }, "{name} to {target}: {}", answer.body);
            if allowed {
                assert_eq!(answer.body["id"], json!(target_id));
            }
        }
    }
    server.get(&format!("/registry/discover/{top}")).await.refused(400);
    let nobody = server.request(reqwest::Method::GET, &format!("/registry/discover/{top}"));
    Answer::of(nobody.header("x-workspace-id", "nobody")).await.refused(403);
    let nowhere = server.request(reqwest::Method::GET, "/registry/discover/nowhere");
    Answer::of(nowhere.header("x-workspace-id", top.as_str())).await.refused(404);
    server.post("/registry/check-access", json!({ "caller_id": top, "target_id": "nowhere" })).await.refused(404);
}

#[tokio::test]
async fn when_each_was_last_heard_of_can_be_asked_for_many() {
    let server = Server::start().await;
    let id = server.named("A").await;
    server.beat(&id).await.ok();
    let heard = server.post("/registry/heard", json!({ "ids": [id, "nobody"] })).await.ok();
    let ago = heard["seconds_ago"].as_object().unwrap();
    assert_eq!(ago.keys().collect::<Vec<_>>(), [&id]);
    let ttl = heard["ttl_seconds"].as_f64().unwrap();
    assert!((0.0..ttl).contains(&ago[&id].as_f64().unwrap()), "{heard}");
    let words = server.post("/registry/heard", json!({ "ids": vec![&id; 501] })).await.refused(400);
    assert!(words.contains("500"), "{words}");
}
