//! A fleet of any size whose names share long prefixes: regions, squads in them, workers in those, and some roots.

use std::collections::HashMap;

use orrery_tests::agent::Agent;
use orrery_tests::http::Http;
use serde_json::{Value, json};

pub struct Fleet {
    /// Every id with its name; no two names are equal.
    pub names: HashMap<String, String>,
    /// Those that have nobody inside, in the order in which they were made.
    pub leaves: Vec<String>,
    /// The teams, the regions among them.
    pub teams: Vec<String>,
    _agents: Vec<Agent>,
}

const REGIONS: [&str; 6] = ["Payments", "Logistics", "Support", "Research", "Compliance", "Marketing"];
/// Workers of a squad.
const WORKERS: usize = 11;
const ALONE: usize = 4;
/// More would only be waited for.
const AGENTS: usize = 60;

impl Fleet {
    /// Of exactly `count` workspaces: provisioning, online, working and degraded.
    pub async fn make(http: &Http, count: usize) -> Self {
        let mut fleet = Self { names: HashMap::new(), leaves: Vec::new(), teams: Vec::new(), _agents: Vec::new() };
        let regions = (count / 30).clamp(2, REGIONS.len());
        for name in &REGIONS[..regions] {
            let id = fleet.create(http, name, None).await;
            fleet.teams.push(id);
        }
        for number in 1..=ALONE {
            let id = fleet.create(http, &format!("Night watch {number}"), None).await;
            fleet.leaves.push(id);
        }
        let mut number = 0;
        while fleet.names.len() < count {
            let (region, squad) = (number % regions, number / regions + 1);
            let prefix = format!("{} squad {squad}", REGIONS[region]);
            let squad = fleet.create(http, &prefix, Some(fleet.teams[region].clone())).await;
            let left = (count - fleet.names.len()).min(WORKERS);
            let workers: Vec<String> = (1..=left).map(|worker| format!("{prefix} worker {worker}")).collect();
            let subs: Vec<Value> = workers.iter().map(|name| json!({"name": name, "role": "Worker"})).collect();
            if !subs.is_empty() {
                let body = json!({"sub_workspaces": subs});
                let made = http.post(&format!("/workspaces/{squad}/expand"), body).await.expect(200);
                for (id, name) in made["sub_workspace_ids"].as_array().unwrap().iter().zip(workers) {
                    let id = id.as_str().unwrap().to_owned();
                    fleet.leaves.push(id.clone());
                    fleet.names.insert(id, name);
                }
                fleet.teams.push(squad);
            }
            number += 1;
        }
        fleet.bring_online(http).await;
        fleet
    }

    /// Every third of the first leaves works, every fifth is degraded.
    async fn bring_online(&mut self, http: &Http) {
        for (at, id) in self.leaves.iter().take(AGENTS).enumerate().filter(|(at, _)| at % 4 != 0) {
            let agent = Agent::register(http, id, None).await;
            match at {
                _ if at % 5 == 0 => {
                    agent.send_heartbeat(json!({"error_rate": 0.8, "sample_error": "rate limit exceeded"})).await;
                }
                _ if at % 3 == 0 => {
                    agent
                        .send_heartbeat(json!({"current_task": "Reads the quarterly report", "active_tasks": 1}))
                        .await;
                }
                _ => {}
            }
            self._agents.push(agent);
        }
    }

    async fn create(&mut self, http: &Http, name: &str, parent: Option<String>) -> String {
        let made = http.post("/workspaces", json!({"name": name, "parent_id": parent})).await.expect(201);
        let id = made["id"].as_str().unwrap().to_owned();
        self.names.insert(id.clone(), name.to_owned());
        id
    }
}
