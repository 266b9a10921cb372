//! When workspaces were last seen: heartbeats that cause no event.

use std::collections::HashMap;

use gloo_net::http::Method;
use orrery_protocol::WorkspaceId;
use serde::Deserialize;
use serde_json::json;

use super::{Api, ApiError, read, send_json};

/// When workspaces were last seen.
#[derive(Debug, Clone, Deserialize)]
pub struct LastSeen {
    /// After how many seconds without a heartbeat a workspace is offline.
    pub ttl_seconds: f64,
    /// How many seconds ago the last heartbeat of each workspace was.
    pub seconds_ago: HashMap<WorkspaceId, f64>,
}

impl Api {
    /// Returns when these workspaces were last seen.
    pub async fn load_last_seen(&self, ids: &[WorkspaceId]) -> Result<LastSeen, ApiError> {
        read(&send_json(self.request(Method::POST, "/registry/heard"), &json!({ "ids": ids })).await?)
    }
}
