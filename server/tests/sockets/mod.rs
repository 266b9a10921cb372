//! The sockets from outside: `/ws` and the streams, as clients meet them. Never REST for its own sake.

pub mod client;
mod hello;
mod resume;
mod reach;
mod routing;
mod stream;
mod bad_input;
mod closing;
mod connections;

use client::Client;
use orrery_protocol::{Event, RunEvent, WorkspaceChange, WorkspaceEvent, WorkspaceId};
use orrery_server::clock;
use orrery_server::publish::Decision;

use crate::support::Server;

impl Server {
    /// Through the door, as every route does.
    pub async fn publish(&self, events: Vec<Event>) {
        self.running.app.door.publish(|_| Ok(Decision::events(events, ()))).await.unwrap();
    }

    pub async fn run_event(&self, event: RunEvent) {
        self.publish(vec![Event::Run(event)]).await;
    }

    /// Many small events about one workspace that is there.
    pub async fn tasks(&self, id: &str, count: u32) {
        self.long_tasks(id, count, 200).await;
    }

    pub async fn long_tasks(&self, id: &str, count: u32, letters: usize) {
        let workspace_id: WorkspaceId = id.parse().unwrap();
        let task = |number: u32| {
            let change = WorkspaceChange::TaskUpdated { current_task: Some("x".repeat(letters)), active_tasks: number };
            Event::Workspace(WorkspaceEvent { workspace_id: workspace_id.clone(), timestamp: clock::now(), change })
        };
        self.publish((0..count).map(task).collect()).await;
    }

    pub async fn workspace(&self, name: &str, parent: Option<&str>) -> String {
        let body = serde_json::json!({ "name": name, "parent_id": parent });
        self.post("/workspaces", body).await.ok()["id"].as_str().unwrap().to_owned()
    }

    pub async fn socket(&self, path: &str) -> Client {
        Client::open(self, path, &[]).await.unwrap()
    }

    pub async fn agent(&self, id: &str, path: &str) -> Client {
        Client::open(self, path, &[("x-workspace-id", id)]).await.unwrap()
    }
}
