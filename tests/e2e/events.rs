//! Tests of all sixteen events of a plain socket, from the request that causes each to the card that shows it.

use orrery_tests::agent::Agent;
use orrery_tests::server::Server;
use orrery_tests::socket::Socket;
use serde_json::{Value, json};

use crate::page::{Page, card};

/// A server whose clocks run fast, a plain `/ws` as `wscat` would open it, and a page.
struct Setup {
    server: Server,
    socket: Socket,
    page: Page,
}

async fn setup() -> Setup {
    let server = Server::start_with(&["--heartbeat-ttl", "4s", "--provision-timeout", "4s"]).await;
    let socket = server.socket("/ws").await;
    let page = Page::open(&server).await;
    Setup { server, socket, page }
}

impl Setup {
    /// The event as it went over the wire: the four keys of section 3.1 of docs/protocol.md and `seq`, nothing else.
    async fn payload(&self, kind: &str, id: &str) -> Value {
        let event = self.socket.event(kind, id).await;
        let mut keys: Vec<_> = event.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        assert_eq!(keys, ["event", "payload", "seq", "timestamp", "workspace_id"], "{event}");
        assert!(event["timestamp"].as_str().unwrap().ends_with('Z'), "{event}");
        event["payload"].clone()
    }

    async fn create(&self, body: Value) -> String {
        self.server.http().post("/workspaces", body).await.expect(201)["id"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn status_and_task_events_change_the_card() {
    let setup = setup().await;
    let (http, page) = (setup.server.http(), &setup.page);
    let id = setup.create(json!({"name": "Vancouver SEO Agent", "tier": 1, "config": "seo-agent"})).await;
    let payload = setup.payload("WORKSPACE_PROVISIONING", &id).await;
    assert_eq!(
        (&payload["name"], &payload["tier"], &payload["config"]),
        (&json!("Vancouver SEO Agent"), &json!(1), &json!("seo-agent"))
    );
    page.status(&id, "provisioning").await;
    page.wait_for(&format!("{}[data-status=provisioning] > .mark", card(&id))).await;
    page.wait_text(&card(&id), "Vancouver SEO Agent").await;

    let agent = Agent::register(&http, &id, None).await;
    let payload = setup.payload("WORKSPACE_ONLINE", &id).await;
    assert_eq!(payload["agent_card"]["skills"], json!(["write", {"name": "read"}]));
    page.status(&id, "online").await;
    page.wait_gone(&format!("{}[data-status=provisioning] > .mark", card(&id))).await;
    page.wait_text(&card(&id), "write").await;
    page.wait_text(&card(&id), "read").await;

    agent.send_heartbeat(json!({"current_task": "Analyzing quarterly report", "active_tasks": 2})).await;
    let payload = setup.payload("TASK_UPDATED", &id).await;
    assert_eq!(payload, json!({"current_task": "Analyzing quarterly report", "active_tasks": 2}));
    page.wait_text(&format!("{} .card-task", card(&id)), "Analyzing quarterly report").await;
    page.wait_for(&format!("{}[data-task=\"Analyzing quarterly report\"]", card(&id))).await;
    page.click(&card(&id)).await;
    page.wait_text(".panel-head", "Analyzing quarterly report").await;
    agent.send_heartbeat(json!({"current_task": "", "active_tasks": 0})).await;
    page.wait_gone(&format!("{} .card-task", card(&id))).await;
    page.wait_gone(".panel-head .panel-task").await;

    agent.send_heartbeat(json!({"error_rate": 0.87, "sample_error": "anthropic API rate limit exceeded"})).await;
    let payload = setup.payload("WORKSPACE_DEGRADED", &id).await;
    assert_eq!(payload, json!({"error_rate": 0.87, "sample_error": "anthropic API rate limit exceeded"}));
    page.status(&id, "degraded").await;
    page.wait_text(&card(&id), "87").await;
    page.wait_text(&card(&id), "anthropic API rate limit exceeded").await;
    agent.send_heartbeat(json!({"error_rate": 0.0, "sample_error": ""})).await;
    page.status(&id, "online").await;

    let updated = json!({"name": "Vancouver SEO Agent", "version": "1.1.0", "skills": ["monitor-rankings"]});
    http.post("/registry/update-card", json!({"workspace_id": id, "agent_card": updated})).await.expect(200);
    assert_eq!(setup.payload("AGENT_CARD_UPDATED", &id).await["agent_card"], updated);
    page.wait_text(&card(&id), "monitor-rankings").await;
    page.agrees_with(&setup.server).await;
}

#[tokio::test]
async fn offline_and_failed_are_shown_and_failed_can_be_retried() {
    let setup = setup().await;
    let (http, page) = (setup.server.http(), &setup.page);
    let agent = Agent::create(&http, json!({"name": "Goes silent"})).await;
    page.status(&agent.id, "online").await;
    let id = agent.id.clone();
    agent.stop_heartbeats();
    assert_eq!(setup.payload("WORKSPACE_OFFLINE", &id).await, json!({}));
    page.status(&id, "offline").await;
    let _back = Agent::register(&http, &id, None).await;
    page.status(&id, "online").await;

    let id = setup.create(json!({"name": "Never comes"})).await;
    let payload = setup.payload("WORKSPACE_PROVISION_FAILED", &id).await;
    assert_eq!(payload["reason"], "provisioning timeout -- no heartbeat received");
    page.status(&id, "failed").await;
    page.wait_text(&card(&id), "provisioning timeout -- no heartbeat received").await;
    page.click(&format!("{} .card-reason button", card(&id))).await;
    page.status(&id, "provisioning").await;
    let _agent = Agent::register(&http, &id, None).await;
    page.status(&id, "online").await;
    page.wait_gone(&format!("{} .card-reason button", card(&id))).await;
    page.agrees_with(&setup.server).await;
}

#[tokio::test]
async fn agent_events_change_the_card() {
    let setup = setup().await;
    let (http, page) = (setup.server.http(), &setup.page);
    let here = Agent::create(&http, json!({"name": "Here"})).await;
    let there = Agent::create(&http, json!({"name": "There"})).await;
    let path = format!("/workspaces/{}/agent", here.id);

    http.post(&path, json!({"model": "anthropic:claude-sonnet-4-6"})).await.expect(200);
    let payload = setup.payload("AGENT_ASSIGNED", &here.id).await;
    assert_eq!(payload["model"], "anthropic:claude-sonnet-4-6");
    page.wait_text(&card(&here.id), "claude-sonnet-4-6").await;

    http.patch(&path, json!({"model": "openai:gpt-4o"})).await.expect(200);
    let payload = setup.payload("AGENT_REPLACED", &here.id).await;
    assert_eq!(
        (&payload["old_model"], &payload["new_model"]),
        (&json!("anthropic:claude-sonnet-4-6"), &json!("openai:gpt-4o"))
    );
    page.wait_text(&card(&here.id), "gpt-4o").await;

    http.post(&format!("{path}/move"), json!({"target_workspace_id": there.id})).await.expect(200);
    let payload = setup.payload("AGENT_MOVED", &here.id).await;
    assert_eq!((&payload["from_workspace_id"], &payload["to_workspace_id"]), (&json!(here.id), &json!(there.id)));
    page.wait_text(&card(&there.id), "gpt-4o").await;
    page.wait_for(&format!("{} .card-empty", card(&here.id))).await;

    http.delete(&format!("/workspaces/{}/agent", there.id)).await.expect(200);
    assert!(setup.payload("AGENT_REMOVED", &there.id).await["agent_id"].is_string());
    page.wait_for(&format!("{} .card-empty", card(&there.id))).await;
    page.agrees_with(&setup.server).await;
}

#[tokio::test]
async fn team_events_change_the_tree() {
    let setup = setup().await;
    let (http, page) = (setup.server.http(), &setup.page);
    let team = Agent::create(&http, json!({"name": "Website team"})).await;
    let subs = json!({"sub_workspaces": [{"name": "Frontend"}, {"name": "Backend"}, {"name": "QA"}]});
    let answer = http.post(&format!("/workspaces/{}/expand", team.id), subs).await.expect(200);
    let payload = setup.payload("WORKSPACE_EXPANDED", &team.id).await;
    assert_eq!(payload["sub_workspace_ids"], answer["sub_workspace_ids"]);
    let children: Vec<String> =
        payload["sub_workspace_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    assert_eq!(children.len(), 3);
    for child in &children {
        inside(page, child, &team.id, true).await;
    }

    http.post(&format!("/workspaces/{}/collapse", team.id), json!({})).await.expect(200);
    let payload = setup.payload("WORKSPACE_COLLAPSED", &team.id).await;
    assert_eq!(payload["removed_sub_workspace_ids"].as_array().unwrap().len(), 3);
    for child in &children {
        setup.payload("WORKSPACE_REMOVED", child).await;
        page.wait_gone(&card(child)).await;
    }

    let single = Agent::create(&http, json!({"name": "Joins later"})).await;
    http.patch(&format!("/workspaces/{}", single.id), json!({"parent_id": team.id})).await.expect(200);
    let payload = setup.payload("WORKSPACE_MOVED", &single.id).await;
    assert_eq!(payload, json!({"old_parent_id": null, "new_parent_id": team.id}));
    inside(page, &single.id, &team.id, true).await;
    http.patch(&format!("/workspaces/{}", single.id), json!({"parent_id": null})).await.expect(200);
    inside(page, &single.id, &team.id, false).await;

    http.delete(&format!("/workspaces/{}?confirm=true", single.id)).await.expect(200);
    assert_eq!(setup.payload("WORKSPACE_REMOVED", &single.id).await, json!({"forwarded_to": null}));
    page.wait_gone(&card(&single.id)).await;
    page.agrees_with(&setup.server).await;
}

#[tokio::test]
async fn an_activity_refreshes_the_open_activity_tab() {
    let setup = setup().await;
    let (http, page) = (setup.server.http(), &setup.page);
    let agent = Agent::create(&http, json!({"name": "Talks"})).await;
    page.status(&agent.id, "online").await;
    page.click(&card(&agent.id)).await;
    page.click("#panel-tab-1").await;
    let activity = json!({
        "activity_type": "a2a_receive", "method": "message/send", "summary": "message/send → <b>Talks</b>",
        "status": "ok", "duration_ms": 1500, "request_body": {"question": "how many?"}, "response_body": {"answer": 42},
    });
    http.post(&format!("/workspaces/{}/activity", agent.id), activity).await.expect(201);
    let payload = setup.payload("ACTIVITY_LOGGED", &agent.id).await;
    assert_eq!((&payload["method"], &payload["duration_ms"]), (&json!("message/send"), &json!(1500)));
    assert!(payload.get("request_body").is_none(), "the event is a hint; bodies are read on demand");
    // Text is shown as text: the tags stand there, letter by letter.
    page.wait_text(".log-entry", "message/send → <b>Talks</b>").await;
    page.click(".log-entry-row").await;
    page.wait_text(".log-entry", "how many?").await;
    page.wait_text(".log-entry", "42").await;
}

/// Does the child's box lie within its team's, as a person sees it?
async fn inside(page: &Page, child: &str, team: &str, expected: bool) {
    let script = format!(
        "(() => {{ const box = it => document.querySelector(it)?.getBoundingClientRect();
            const [child, team] = [box('{}'), box('{}')];
            if (!child || !team) return null;
            return child.left >= team.left && child.right <= team.right && child.top >= team.top && child.bottom <= team.bottom;
        }})()",
        card(child),
        card(team)
    );
    let what = format!("{child} inside {team}: {expected}");
    orrery_tests::wait::until(&what, async || page.evaluate(&script).await, |seen| *seen == json!(expected)).await;
}
