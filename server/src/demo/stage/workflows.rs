//! Lets the agents work together: executes the plays one after another, and approves what nobody approves. Never more
//! than a few at a time.

use std::collections::HashMap;
use std::time::Duration;

use orrery_protocol::{Execution, RunStatus, Step, Workflow};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::api::{Api, Failed};
use crate::demo::plays::{DESCRIPTION, plays};
use crate::demo::show::Player;

const FIRST_AFTER: Duration = Duration::from_secs(12);
const BETWEEN: Duration = Duration::from_secs(35);
const LOOK: Duration = Duration::from_secs(5);
/// A person may be quicker.
const APPROVE_AFTER_LOOKS: u32 = 5;
const MOST_AT_ONCE: usize = 2;

/// Until it is dropped.
pub(super) async fn run(api: Api, players: Vec<Player>) {
    sleep(FIRST_AFTER).await;
    let mut version = 1;
    let mut waiting: HashMap<String, u32> = HashMap::new();
    let mut next = Duration::ZERO;
    loop {
        let turn = async {
            let own = defined(&api, &players).await?;
            let running = running(&api, &own).await?;
            approve(&api, &running, &mut waiting).await?;
            if next.is_zero() && running.len() < MOST_AT_ONCE && !own.is_empty() {
                let path = format!("/api/workflows/{}/execute", own[version % own.len()]);
                api.post(&path, &json!({ "input_variables": { "version": version } })).await?;
                return Ok(true);
            }
            Ok::<_, Failed>(false)
        };
        match turn.await {
            Ok(true) => {
                version += 1;
                next = BETWEEN;
            }
            Ok(false) => {}
            Err(error) => tracing::debug!(%error, "a demo workflow's call failed"),
        }
        sleep(LOOK).await;
        next = next.saturating_sub(LOOK);
    }
}

/// The plays' ids; what is not defined yet is defined. One whose workspaces were made anew is another one.
async fn defined(api: &Api, players: &[Player]) -> Result<Vec<String>, Failed> {
    let by_name = players.iter().map(|player| (&*player.name, &player.id)).collect();
    let known: Vec<Workflow> = api.get("/api/workflows").await?;
    let mut ids = Vec::new();
    for play in plays(&by_name) {
        let wanted = workspaces(&play);
        let same = |it: &&Workflow| {
            it.description.as_deref() == Some(DESCRIPTION)
                && play["name"] == *it.name
                && workspaces(&json!(it)) == wanted
        };
        let id = match known.iter().find(same).and_then(|it| it.workflow_id.as_ref()) {
            Some(id) => id.to_string(),
            None => text(&api.post("/api/workflows", &play).await?["workflow_id"]),
        };
        ids.push(id);
    }
    Ok(ids)
}

async fn running(api: &Api, own: &[String]) -> Result<Vec<Execution>, Failed> {
    let running: Vec<Execution> = api.get("/api/workflows/executions?status=running&limit=100").await?;
    let ours = |it: &Execution| it.workflow_id.as_ref().is_some_and(|id| own.iter().any(|own| own == id.as_str()));
    Ok(running.into_iter().filter(ours).collect())
}

async fn approve(api: &Api, running: &[Execution], waiting: &mut HashMap<String, u32>) -> Result<(), Failed> {
    let waits = |execution: &Execution| {
        let mut steps = execution.steps.iter();
        let step: &Step = steps.find(|step| step.status == RunStatus::WaitingApproval)?;
        Some(format!("/api/workflows/executions/{}/steps/{}/approve", execution.execution_id, step.step_id))
    };
    let now: Vec<String> = running.iter().filter_map(waits).collect();
    waiting.retain(|path, _| now.contains(path));
    for path in now {
        let looks = waiting.entry(path.clone()).or_default();
        *looks += 1;
        if *looks > APPROVE_AFTER_LOOKS {
            api.post(&path, &json!({ "approved": true, "feedback": "nobody objected" })).await?;
        }
    }
    Ok(())
}

/// Who takes part, step by step.
fn workspaces(workflow: &Value) -> Vec<String> {
    workflow["steps"].as_array().into_iter().flatten().map(|step| text(&step["workspace_id"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
