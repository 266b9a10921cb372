//! When agents were last heard of: what heartbeats say without an event. Never what that means.

use std::collections::HashMap;

use gloo_net::http::Method;
use orrery_protocol::WorkspaceId;
use serde::Deserialize;
use serde_json::json;

use super::{Api, ApiError, read, send_json};

#[derive(Debug, Clone, Deserialize)]
pub struct LastSeen {
    /// Silent for so long, a workspace is offline.
    pub ttl_seconds: f64,
    /// How long ago each was heard of.
    pub seconds_ago: HashMap<WorkspaceId, f64>,
}

impl Api {
    pub async fn last_seen(&self, ids: &[WorkspaceId]) -> Result<LastSeen, ApiError> {
        read(&send_json(self.request(Method::POST, "/registry/heard"), &json!({ "ids": ids })).await?)
    }
}
