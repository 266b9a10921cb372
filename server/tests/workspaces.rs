//! `/workspaces`: every call's answer, its events, its refusals. Never timers or sockets.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Server, kinds, told};

#[tokio::test]
async fn a_new_workspace_is_provisioning_with_all_that_was_said() {
    let server = Server::start().await;
    let parent = server.named("Team").await;
    let before = server.head().await;
    let answer = server
        .post(
            "/workspaces",
            json!({ "name": " SEO ", "role": "writer", "tier": 3, "config": "seo-agent", "parent_id": parent,
            "runtime": "python", "model": "anthropic:claude-sonnet-4-6", "canvas": { "x": 10.5, "y": -3 }, "unknown": 1 }),
        )
        .await;
    assert_eq!(answer.status, 201);
    let id = answer.body["id"].as_str().unwrap();
    assert_eq!(answer.body["status"], "provisioning");
    assert_eq!(answer.body["auth_token"].as_str().unwrap().len(), 64);

    let events = server.log_after(before).await;
    assert_eq!(told(&events), [("WORKSPACE_PROVISIONING", id), ("AGENT_ASSIGNED", id)]);
    let payload = json!({ "name": "SEO", "tier": 3, "config": "seo-agent", "role": "writer", "parent_id": parent,
        "x": 10.5, "y": -3.0, "pinned": true, "runtime": "python" });
    assert_eq!(events[0]["payload"], payload);
    assert_eq!(events[1]["payload"]["model"], "anthropic:claude-sonnet-4-6");
    let row = server.row(id).await;
    let shown = ["name", "role", "tier", "status", "parent_id", "runtime", "x", "y", "collapsed"];
    let shown: Vec<&Value> = shown.iter().map(|field| &row[field]).collect();
    let want = json!(["SEO", "writer", 3, "provisioning", parent, "python", 10.5, -3.0, false]);
    assert_eq!(json!(shown), want);
    assert_eq!(row["agent"]["id"], events[1]["payload"]["agent_id"]);
}

#[tokio::test]
async fn the_list_says_at_which_place_of_the_log_it_is() {
    let server = Server::start().await;
    let empty = server.get("/workspaces").await;
    assert!(empty.headers["x-event-cursor"].to_str().unwrap().ends_with(":0"));
    assert_eq!(empty.ok(), json!([]));
    // The same name twice is nobody's mistake.
    let ids = [server.named("A").await, server.named("A").await];
    let rows = server.get("/workspaces").await.ok();
    assert_eq!(rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect::<Vec<_>>(), ids);
    assert_eq!(server.head().await, 2);
}

#[tokio::test]
async fn a_patch_tells_only_what_changed() {
    let server = Server::start().await;
    let id = server.create(json!({ "name": "A", "role": "r", "canvas": { "x": 1, "y": 2 } })).await;
    let path = format!("/workspaces/{id}");
    let table = [
        (json!({ "name": "B" }), json!({ "name": "B" })),
        (json!({ "name": "B", "tier": 4, "x": 1.0 }), json!({ "tier": 4 })),
        (json!({ "x": 7.25, "y": 2 }), json!({ "x": 7.25 })),
        (json!({ "collapsed": true, "role": null }), json!({ "collapsed": true, "role": "" })),
        (json!({ "role": "new", "name": null }), json!({ "role": "new" })),
    ];
    for (said, told) in table {
        let before = server.head().await;
        let answer = server.patch(&path, said.clone()).await.ok();
        assert_eq!((&answer["status"], answer["moved"].is_array()), (&json!("updated"), told["x"].is_number()));
        let events = server.log_after(before).await;
        assert_eq!(kinds(&events), ["WORKSPACE_UPDATED"], "{said}");
        assert_eq!(events[0]["payload"], told, "{said}");
    }
    let before = server.head().await;
    server.patch(&path, json!({ "name": "B", "parent_id": null })).await.ok();
    server.patch(&path, json!({})).await.ok();
    assert_eq!(server.head().await, before, "nothing changed, so nothing happened");
    let row = server.row(&id).await;
    assert_eq!(
        json!([row["name"], row["tier"], row["x"], row["y"], row["collapsed"]]),
        json!(["B", 4, 7.25, 2.0, true])
    );
}

#[tokio::test]
async fn moving_between_teams_never_closes_a_circle() {
    let server = Server::start().await;
    let top = server.named("Top").await;
    let middle = server.inside("Middle", &top).await;
    let low = server.inside("Low", &middle).await;
    for (child, parent) in [(&top, &low), (&top, &middle), (&top, &top), (&middle, &low)] {
        let answer = server.patch(&format!("/workspaces/{child}"), json!({ "parent_id": parent })).await;
        answer.refused(409);
    }
    let before = server.head().await;
    server.patch(&format!("/workspaces/{low}"), json!({ "parent_id": top, "name": "Lower" })).await.ok();
    server.patch(&format!("/workspaces/{low}"), json!({ "parent_id": null })).await.ok();
    let events = server.log_after(before).await;
    let kinds = kinds(&events);
    assert_eq!(kinds, ["WORKSPACE_MOVED", "WORKSPACE_UPDATED", "WORKSPACE_MOVED", "WORKSPACE_UPDATED"]);
    assert_eq!(events[0]["payload"], json!({ "old_parent_id": middle, "new_parent_id": top }));
    assert_eq!(events[2]["payload"], json!({ "old_parent_id": top, "new_parent_id": null }));
    assert_eq!(server.row(&low).await["parent_id"], Value::Null);
}

#[tokio::test]
async fn a_team_is_removed_after_a_confirmation_and_children_first() {
    let server = Server::start().await;
    let top = server.named("Top").await;
    let one = server.inside("One", &top).await;
    let two = server.inside("Two", &top).await;
    let low = server.inside("Low", &one).await;
    let heir = server.named("Heir").await;
    let path = format!("/workspaces/{top}");

    let asked = server.delete(&path).await;
    assert_eq!((asked.status, &asked.body["status"]), (409, &json!("confirmation_required")));
    assert_eq!(asked.body["children_count"], 2);
    let mut names: Vec<_> = asked.body["children"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    names.sort_by_key(Value::to_string);
    assert_eq!(names, ["One", "Two"]);

    let before = server.head().await;
    server.delete(&format!("{path}?confirm=true&forwarded_to={low}")).await.refused(409);
    let answer = server.delete(&format!("{path}?confirm=true&forwarded_to={heir}")).await.ok();
    assert_eq!(answer["status"], "removed");
    let events = server.log_after(before).await;
    assert!(kinds(&events).iter().all(|kind| kind == "WORKSPACE_REMOVED"));
    let order: Vec<&str> = told(&events).into_iter().map(|(_, id)| id).collect();
    let place = |id: &str| order.iter().position(|gone| *gone == id).unwrap();
    assert!(place(&low) < place(&one) && place(&one) < place(&top) && place(&two) < place(&top));
    assert_eq!(answer["cascade_deleted"], json!(order[..3]));
    let forwarded: Vec<&Value> = events.iter().map(|event| &event["payload"]["forwarded_to"]).collect();
    assert_eq!(json!(forwarded), json!([null, null, null, heir]));

    let gone = server.get(&path).await;
    assert_eq!((gone.status, &gone.body["forwarded_to"]), (410, &json!(heir)));
    assert_eq!(gone.body["last_event"], events[3]);
    let child = server.get(&format!("/workspaces/{low}")).await;
    assert_eq!((child.status, &child.body["last_event"]), (410, &events[0]));
    assert!(child.body.get("forwarded_to").is_none());
    assert_eq!(server.get("/workspaces").await.ok().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_removed_workspace_answers_410_to_everyone_even_after_a_restart() {
    let server = Server::start().await;
    let id = server.named("A").await;
    server.delete(&format!("/workspaces/{id}")).await.ok();
    let folder = server.stop().await;
    let server = Server::again(folder, |_| {}).await;
    let other = server.named("B").await;
    let card = json!({ "name": "A" });
    let calls = [
        server.beat(&id).await,
        server.post("/registry/register", json!({ "id": id, "url": "http://a", "agent_card": card })).await,
        server.post("/registry/update-card", json!({ "workspace_id": id, "agent_card": card })).await,
        server.patch(&format!("/workspaces/{id}"), json!({ "name": "B" })).await,
        server.delete(&format!("/workspaces/{id}")).await,
        server.post(&format!("/workspaces/{id}/restart"), json!({})).await,
        server.post(&format!("/workspaces/{id}/collapse"), json!({})).await,
        server.post(&format!("/workspaces/{id}/agent"), json!({ "model": "m" })).await,
        server.post(&format!("/workspaces/{id}/activity"), json!({ "activity_type": "a" })).await,
        server.get(&format!("/workspaces/{id}/activity")).await,
        server.get(&format!("/registry/{id}/peers")).await,
        server.patch(&format!("/workspaces/{other}"), json!({ "parent_id": id })).await,
        server.post("/workspaces", json!({ "name": "C", "parent_id": id })).await,
    ];
    for (call, answer) in calls.into_iter().enumerate() {
        assert_eq!(answer.body["last_event"]["event"], "WORKSPACE_REMOVED", "call {call}: {}", answer.body);
        assert!(answer.refused(410).contains(&id));
    }
}

#[tokio::test]
async fn restart_provisions_again_with_what_was_known() {
    let server = Server::start().await;
    let team = server.named("Team").await;
    let said = json!({ "name": "A", "role": "r", "tier": 2, "config": { "k": [1, 2.5] }, "parent_id": team,
        "runtime": "rust", "canvas": { "x": 1, "y": 2 } });
    let id = server.create(said).await;
    server.beat(&id).await.ok();
    server.patch(&format!("/workspaces/{id}"), json!({ "name": "B" })).await.ok();
    let folder = server.stop().await;
    let server = Server::again(folder, |_| {}).await;
    let before = server.head().await;
    let answer = server.call(Method::POST, &format!("/workspaces/{id}/restart"), None).await;
    assert_eq!(answer.ok(), json!({ "status": "provisioning" }));
    let events = server.log_after(before).await;
    assert_eq!(kinds(&events), ["WORKSPACE_PROVISIONING"]);
    let payload = json!({ "name": "B", "role": "r", "tier": 2, "config": { "k": [1, 2.5] }, "parent_id": team,
        "runtime": "rust", "x": 1.0, "y": 2.0, "pinned": true });
    assert_eq!(events[0]["payload"], payload);
    assert_eq!(server.row(&id).await["status"], "provisioning");
}

#[tokio::test]
async fn a_team_expands_and_collapses() {
    let server = Server::start().await;
    let id = server.named("Lead").await;
    let before = server.head().await;
    let said =
        json!({ "sub_workspaces": [{ "name": "Front", "role": "ui" }, { "name": "Back", "tier": 2, "config": "c" }] });
    let answer = server.post(&format!("/workspaces/{id}/expand"), said).await.ok();
    assert_eq!(answer["status"], "expanded");
    let ids = answer["sub_workspace_ids"].as_array().unwrap().clone();
    let [front, back] = [ids[0].as_str().unwrap(), ids[1].as_str().unwrap()];
    let events = server.log_after(before).await;
    let want =
        [("WORKSPACE_PROVISIONING", front), ("WORKSPACE_PROVISIONING", back), ("WORKSPACE_EXPANDED", id.as_str())];
    assert_eq!(told(&events), want);
    assert_eq!(events[1]["payload"]["config"], "c");
    let children =
        json!([{ "id": front, "name": "Front", "role": "ui" }, { "id": back, "name": "Back", "role": null }]);
    assert_eq!(events[2]["payload"], json!({ "sub_workspace_ids": ids, "children": children }));
    assert_eq!(server.row(back).await["parent_id"], json!(id));

    let low = server.inside("Low", front).await;
    let before = server.head().await;
    let answer = server.call(Method::POST, &format!("/workspaces/{id}/collapse"), None).await.ok();
    let events = server.log_after(before).await;
    assert_eq!(kinds(&events)[3], "WORKSPACE_COLLAPSED");
    let gone: Vec<&str> = told(&events[..3]).into_iter().map(|(_, id)| id).collect();
    assert_eq!(answer, json!({ "status": "collapsed", "removed_sub_workspace_ids": gone }));
    assert_eq!(events[3]["payload"], json!({ "removed_sub_workspace_ids": gone }));
    let place = |id: &str| gone.iter().position(|gone| *gone == id).unwrap();
    assert!(place(&low) < place(front));
    server.post(&format!("/workspaces/{id}/collapse"), json!({})).await.refused(409);
    server.post(&format!("/workspaces/{id}/expand"), json!({ "sub_workspaces": [] })).await.refused(400);
}

#[tokio::test]
async fn an_agent_is_assigned_replaced_moved_and_removed() {
    let server = Server::start().await;
    let (one, two) = (server.named("One").await, server.named("Two").await);
    let path = format!("/workspaces/{one}/agent");
    let model = |model: &str| json!({ "model": model });
    server.patch(&path, model("m")).await.refused(404);
    server.delete(&path).await.refused(404);
    server.post(&format!("{path}/move"), json!({ "target_workspace_id": two })).await.refused(404);

    let before = server.head().await;
    let agent = server.post(&path, model("m1")).await.ok()["agent_id"].clone();
    server.post(&path, model("m2")).await.refused(409);
    server.patch(&path, model("m2")).await.ok();
    server.patch(&path, model("m2")).await.ok();
    server.post(&format!("{path}/move"), json!({ "target_workspace_id": one })).await.refused(409);
    server.post(&format!("{path}/move"), json!({ "target_workspace_id": two })).await.ok();
    assert_eq!(server.row(&one).await["agent"], Value::Null);
    assert_eq!(server.row(&two).await["agent"], json!({ "id": agent, "model": "m2" }));
    server.post(&path, model("m3")).await.ok();
    server.post(&format!("{path}/move"), json!({ "target_workspace_id": two })).await.refused(409);
    let with_reason =
        server.request(Method::DELETE, &format!("/workspaces/{two}/agent")).json(&json!({ "reason": "tired" }));
    Answer::of(with_reason).await.ok();
    server.delete(&path).await.ok();

    let events = server.log_after(before).await;
    let payloads: Vec<&Value> = events.iter().map(|event| &event["payload"]).collect();
    let other = &events[3]["payload"]["agent_id"];
    let kinds = kinds(&events);
    assert_eq!(
        kinds,
        ["AGENT_ASSIGNED", "AGENT_REPLACED", "AGENT_MOVED", "AGENT_ASSIGNED", "AGENT_REMOVED", "AGENT_REMOVED"]
    );
    let want = json!([
        { "agent_id": agent, "model": "m1" },
        { "old_model": "m1", "new_model": "m2", "agent_id": agent, "model": "m2" },
        { "agent_id": agent, "from_workspace_id": one, "to_workspace_id": two },
        { "agent_id": other, "model": "m3" },
        { "agent_id": agent, "reason": "tired" },
        { "agent_id": other, "reason": "user removed" },
    ]);
    assert_eq!(json!(payloads), want);
}
