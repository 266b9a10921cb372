//! Takes pictures of three fleets, at three distances and in both themes, into `target/pictures/`.

use std::time::Duration;

use orrery_tests::http::Http;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::json;

use crate::looks::take;
use crate::page::{self, Page};
use crate::pointing::{Fleet, open};

/// Registers all but every 19th workspace that has no agent, so that those fail when the time for provisioning is over.
async fn register_most(http: &Http, fleet: &Fleet) {
    let all: Vec<String> = fleet.teams.iter().chain(&fleet.leaves).cloned().collect();
    let parts = all.chunks(all.len().div_ceil(8)).map(|part| tokio::spawn(register(http.clone(), part.to_vec())));
    for part in parts.collect::<Vec<_>>() {
        part.await.unwrap();
    }
}

async fn register(http: Http, ids: Vec<String>) {
    for (at, id) in ids.into_iter().enumerate().filter(|(at, _)| at % 19 != 18) {
        if http.get(&format!("/workspaces/{id}")).await.json()["status"] != "provisioning" {
            continue;
        }
        let body = json!({"id": id, "url": format!("http://127.0.0.1:9/{id}"), "agent_card": {"name": "An agent"}});
        http.post("/registry/register", body).await.expect(200);
        if at % 3 == 0 {
            let task = json!({"workspace_id": id, "error_rate": 0.0, "sample_error": "", "active_tasks": 1,
                "uptime_seconds": 1, "current_task": "Reconciles the ledger"});
            http.post("/registry/heartbeat", task).await.expect(200);
        }
    }
}

/// Takes a picture with the whole fleet in the window, one of the middle distance, and one from near.
async fn take_distances(page: &Page, name: &str) {
    for theme in ["light", "dark"] {
        page.browser.prefer_color_scheme(theme).await;
        for (distance, steps) in [("far", 0), ("middle", 2), ("near", 6)] {
            page::press(page, "f", "").await;
            page.camera_at_rest().await;
            for _ in 0..steps {
                page::press(page, "+", "").await;
            }
            page.camera_at_rest().await;
            take(page, &format!("legible-{name}-{theme}-{distance}.png")).await;
        }
    }
}

#[tokio::test]
async fn pictures_of_the_demo_with_200_workspaces() {
    let server = Server::start_with(&["--demo", "200", "--demo-seed", "7", "--provision-timeout", "15s"]).await;
    let page = Page::open(&server).await;
    let known = async || page.state().await["count"].as_u64().unwrap_or(0);
    wait::until("the demo's fleet", known, |count| *count >= 190).await;
    tokio::time::sleep(Duration::from_secs(25)).await;
    take_distances(&page, "demo-200").await;
}

async fn take_pictures_of(count: usize) {
    let server = Server::start_with(&["--heartbeat-ttl", "1h", "--provision-timeout", "20s"]).await;
    let fleet = Fleet::make(&server.http(), count).await;
    register_most(&server.http(), &fleet).await;
    let page = open(&server, count).await;
    let failed = async || page.state().await["counts_by_status"]["failed"].as_u64().unwrap_or(0);
    wait::until("failures", failed, |failed| *failed > 2).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    take_distances(&page, &format!("fleet-{count}")).await;
}

#[tokio::test]
async fn pictures_of_a_fleet_of_185() {
    take_pictures_of(185).await;
}

#[tokio::test]
async fn pictures_of_a_fleet_of_2000() {
    take_pictures_of(2000).await;
}
