//! Agents on real sockets over random trees: each hears exactly what it may, by brute force over what a canvas heard.

use std::collections::BTreeMap;

use orrery_model::visibility::can_communicate;
use orrery_model::{Canvas, Changes};
use orrery_protocol::{Event, Frame, WorkspaceChange, WorkspaceId};
use serde_json::{Value, json};

use super::client::Client;
use crate::support::Server;

/// Which numbers it gives does not matter, only that every run gives the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

fn reach(canvas: &Canvas, subject: &WorkspaceId) -> Vec<WorkspaceId> {
    let Some(subject) = canvas.find(subject) else { return Vec::new() };
    let all = canvas.iter().filter(|(slot, _)| can_communicate(canvas, *slot, subject));
    all.map(|(_, workspace)| workspace.id.clone()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn agents_hear_exactly_what_can_communicate_allows() {
    let mut agents_moved = 0;
    for seed in 1..=4 {
        let mut dice = Dice(seed);
        let server = Server::start().await;
        let mut canvas_socket = server.socket("/ws?since=").await;
        canvas_socket.json().await;
        let mut ids: Vec<String> = Vec::new();
        for number in 0..14 {
            let parent = (dice.roll(4) > 0 && !ids.is_empty()).then(|| ids[dice.roll(ids.len())].clone());
            ids.push(server.workspace(&format!("w{number}"), parent.as_deref()).await);
        }
        let built = server.running.app.hub.head().seq;
        let mut agents: BTreeMap<String, Client> = BTreeMap::new();
        for id in &ids {
            agents.insert(id.clone(), server.agent(id, "/ws").await);
        }
        let mut alive = ids.clone();
        for _ in 0..60 {
            let id = alive[dice.roll(alive.len())].clone();
            match dice.roll(8) {
                0 if alive.len() > 4 && dice.roll(2) == 0 => {
                    server.call(reqwest::Method::DELETE, &format!("/workspaces/{id}?confirm=true"), None).await.ok();
                    let mut rest = Vec::new();
                    for id in alive {
                        if server.get(&format!("/workspaces/{id}")).await.status == 200 {
                            rest.push(id);
                        }
                    }
                    alive = rest;
                }
                0 | 1 => {
                    let parent = match dice.roll(4) {
                        0 => Value::Null,
                        _ => json!(alive[dice.roll(alive.len())]),
                    };
                    // A circle is refused, and then nothing happened.
                    let body = json!({ "parent_id": parent });
                    server.call(reqwest::Method::PATCH, &format!("/workspaces/{id}"), body).await;
                }
                2 => {
                    let body = json!({ "workspace_id": id, "agent_card": { "name": id, "version": dice.roll(99) } });
                    server.post("/registry/update-card", body).await.ok();
                }
                3 => {
                    let body = json!({ "activity_type": "agent_log", "summary": "x" });
                    server.post(&format!("/workspaces/{id}/activity"), body).await.ok();
                }
                // Refused where there is no agent to move, or one where it should go: then nothing happened.
                4 => {
                    server.post(&format!("/workspaces/{id}/agent"), json!({ "model": "a:b" })).await;
                    let to = json!({ "target_workspace_id": alive[dice.roll(alive.len())] });
                    server.post(&format!("/workspaces/{id}/agent/move"), to).await;
                }
                _ => server.tasks(&id, 1).await,
            }
        }
        // The last word is one that everybody hears about: all roots are siblings, and a new root has no children.
        let head = server.running.app.hub.head().seq;

        let mut expected: BTreeMap<String, Vec<u64>> = ids.iter().map(|id| (id.clone(), Vec::new())).collect();
        let mut canvas = Canvas::new();
        for frame in canvas_socket.events(head as usize).await {
            let Frame::Event(logged) = Frame::read(&frame.to_string()).unwrap() else { panic!("{frame}") };
            let Event::Workspace(event) = &logged.event else { panic!("{frame}") };
            let before = match event.change {
                WorkspaceChange::Moved { .. } | WorkspaceChange::Removed { .. } => reach(&canvas, &event.workspace_id),
                _ => Vec::new(),
            };
            canvas.apply(&logged, &mut Changes::default());
            let mut after = reach(&canvas, &event.workspace_id);
            if let WorkspaceChange::AgentMoved { to, .. } = &event.change {
                agents_moved += 1;
                after.extend(reach(&canvas, to));
            }
            let seq = logged.seq.unwrap();
            // A plain socket gets no changes of positions.
            let is_sent = seq > built && event.change.kind().is_sent_to_plain_sockets();
            for (id, heard) in expected.iter_mut().filter(|_| is_sent) {
                let id: WorkspaceId = id.parse().unwrap();
                if before.contains(&id) || after.contains(&id) {
                    heard.push(seq);
                }
            }
        }
        server.running.shutdown().await;
        for (id, mut agent) in agents {
            let (heard, _) = agent.all().await;
            let heard: Vec<u64> = heard.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
            assert_eq!(heard, expected[&id], "seed {seed}, workspace {id}");
        }
    }
    assert!(agents_moved > 10, "{agents_moved} agents moved");
}

#[tokio::test]
async fn an_agent_that_was_away_hears_what_it_may_have_heard() {
    let server = Server::start().await;
    let team = server.workspace("team", None).await;
    let member = server.workspace("member", Some(&team)).await;
    let child = server.workspace("child", Some(&member)).await;
    let grandchild = server.workspace("grandchild", Some(&child)).await;
    let mut first = server.agent(&member, "/ws?since=").await;
    let hello = first.json().await;
    let cursor = format!("{}:{}", hello["epoch"].as_str().unwrap(), hello["head"]);
    drop(first);
    server.tasks(&team, 1).await;
    server.tasks(&grandchild, 1).await;
    // At the root the member no longer hears its team's other members, but the team itself, now its sibling.
    server.call(reqwest::Method::PATCH, &format!("/workspaces/{member}"), json!({ "parent_id": null })).await.ok();
    let late = server.workspace("late", Some(&team)).await;
    server.tasks(&late, 1).await;
    server.tasks(&team, 1).await;
    let mut again = server.agent(&member, &format!("/ws?since={cursor}")).await;
    assert_eq!(again.json().await["resumed"], true);
    server.tasks(&child, 1).await;
    let mut heard: Vec<String> = Vec::new();
    while heard.len() < 4 {
        // Where workspaces are on the canvas is not what this is about.
        let events = again.events(1).await.into_iter().filter(|event| event["event"] != "WORKSPACE_UPDATED");
        heard.extend(events.map(|event| format!("{} {}", event["event"], event["workspace_id"])));
    }
    let expected = [
        format!("\"TASK_UPDATED\" \"{team}\""),
        format!("\"WORKSPACE_MOVED\" \"{member}\""),
        format!("\"TASK_UPDATED\" \"{team}\""),
        format!("\"TASK_UPDATED\" \"{child}\""),
    ];
    assert_eq!(heard, expected);
}
