//! Gives every part of the cast a workspace: one that is there from the last time, or a new one. Never a second one.

use std::collections::HashMap;

use orrery_protocol::{Status, Workspace, WorkspaceId};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::AT_ONCE;
use super::api::{Api, Failed};
use crate::demo::cast::{Part, cast as parts};
use crate::demo::lines;
use crate::demo::show::{Mood, Player};

/// Marks the demo's own workspaces.
const RUNTIME: &str = "demo";
/// Whose place in the cast never starts by itself, when the fleet is large enough to spare one.
const NEVER_STARTS: usize = 10;

pub(super) async fn cast(api: &Api, size: usize) -> Result<Vec<Player>, Failed> {
    let parts = parts(size);
    let rows: Vec<Workspace> = api.get("/workspaces").await?;
    for parent in left_expanded(&rows) {
        api.post(&format!("/workspaces/{parent}/collapse"), &json!({})).await?;
    }
    let known: HashMap<String, Workspace> = rows
        .into_iter()
        .filter(|row| row.runtime.as_deref() == Some(RUNTIME))
        .map(|row| (row.name.clone(), row))
        .collect();
    let mut ids: Vec<Option<WorkspaceId>> =
        parts.iter().map(|part| known.get(&part.name).map(|row| row.id.clone())).collect();
    let is_complete = ids.iter().all(Option::is_some);
    // Level by level: a parent is there before its children.
    while ids.iter().any(Option::is_none) {
        for (place, id) in create(api, next_level(&parts, &ids)).await? {
            ids[place] = Some(id);
        }
    }
    if !is_complete {
        // Teams that grew one by one lie scattered. Whom a person has placed stays.
        api.post("/canvas/tidy", &json!({})).await?;
    }
    let player = |(place, (part, id)): (usize, (&Part, Option<WorkspaceId>))| {
        let id = id.expect("every part has a workspace now");
        let mut player = Player::new(id, part.name.clone(), part.role, part.skills, part.parent);
        let status = known.get(&part.name).map(|row| row.status.clone()).unwrap_or_default();
        if place == NEVER_STARTS && matches!(status, Status::Provisioning | Status::Failed) {
            player.mood = Mood::NeverStarts;
        }
        player
    };
    Ok(parts.iter().zip(ids).enumerate().map(player).collect())
}

/// The parts whose parent is there and who are not: their places and what is said to make them.
fn next_level(parts: &[Part], ids: &[Option<WorkspaceId>]) -> Vec<(usize, Value)> {
    let ready = |&place: &usize| ids[place].is_none() && parts[place].parent.is_none_or(|it| ids[it].is_some());
    let body = |place: usize| {
        let part = &parts[place];
        let parent = part.parent.and_then(|parent| ids[parent].clone());
        json!({ "name": part.name, "role": part.role, "tier": part.tier, "model": part.model, "runtime": RUNTIME,
                "parent_id": parent })
    };
    (0..parts.len()).filter(ready).map(|place| (place, body(place))).collect()
}

async fn create(api: &Api, mut bodies: Vec<(usize, Value)>) -> Result<Vec<(usize, WorkspaceId)>, Failed> {
    let (mut creating, mut created) = (JoinSet::new(), Vec::new());
    bodies.reverse();
    loop {
        while creating.len() < AT_ONCE {
            let Some((place, body)) = bodies.pop() else { break };
            let api = api.clone();
            creating.spawn(async move { (place, api.post("/workspaces", &body).await) });
        }
        let Some(done) = creating.join_next().await else { return Ok(created) };
        let Ok((place, answer)) = done else { continue };
        let id = answer?["id"].as_str().and_then(|id| id.parse().ok());
        created.push((place, id.ok_or_else(|| Failed::Io(std::io::Error::other("a new workspace has no id")))?));
    }
}

/// Teams that were expanded when the last show ended: nobody would collapse them any more.
fn left_expanded(rows: &[Workspace]) -> Vec<WorkspaceId> {
    let helper = |row: &Workspace| lines::HELPERS.iter().any(|(name, _)| *name == row.name);
    let left = |parent: &&Workspace| {
        let mut children = rows.iter().filter(|row| row.parent_id.as_ref() == Some(&parent.id)).peekable();
        parent.runtime.as_deref() == Some(RUNTIME) && children.peek().is_some() && children.all(helper)
    };
    rows.iter().filter(left).map(|row| row.id.clone()).collect()
}
