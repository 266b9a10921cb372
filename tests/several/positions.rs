//! Tests that servers on one log assign positions without overlaps, and that all of them show the same map.

use orrery_layout::positions::PositionIndex;
use orrery_model::Canvas;
use orrery_protocol::Workspace;
use orrery_tests::http::Http;
use orrery_tests::server_group::ServerGroup;
use orrery_tests::wait;
use serde_json::{Value, json};

async fn rows(http: &Http) -> Vec<Value> {
    http.get("/workspaces").await.json().as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_create_at_once_never_use_a_cell_twice() {
    let group = ServerGroup::start(2, &[]).await;
    let http = group.servers[0].http();
    let team = http.post("/workspaces", json!({ "name": "Team" })).await.expect(201)["id"].clone();
    let beside = http.post("/workspaces", json!({ "name": "Beside" })).await.expect(201)["id"].clone();
    let creators = group.servers.iter().enumerate().map(|(number, server)| {
        let (http, team, beside) = (server.http(), team.clone(), beside.clone());
        tokio::spawn(async move {
            for index in 0..30 {
                let parent = [&team, &beside, &Value::Null][index % 3];
                let name = format!("{number}.{index}");
                http.post("/workspaces", json!({ "name": name, "parent_id": parent })).await.expect(201);
            }
        })
    });
    for creator in creators.collect::<Vec<_>>() {
        creator.await.unwrap();
    }
    let others = group.servers[1].http();
    let first = rows(&http).await;
    wait::until("the other server to know them all", async || rows(&others).await, |seen| *seen == first).await;
    let canvas = Canvas::from_rows(first.into_iter().map(|row| serde_json::from_value::<Workspace>(row).unwrap()), 0);
    assert_eq!(canvas.len(), 62);
    let index = PositionIndex::of(&canvas);
    for (slot, record) in canvas.iter() {
        let rect = index.rect(slot).unwrap();
        let siblings = canvas.parent(slot).map_or(canvas.roots(), |team| canvas.children(team));
        for other in siblings.iter().filter(|other| **other != slot) {
            assert!(!rect.meets(&index.rect(*other).unwrap()), "{} overlaps a sibling", record.id);
        }
    }
}
