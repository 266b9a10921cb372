//! Requests about workspaces and their agents.

use gloo_net::http::Method;
use orrery_protocol::{MovedWorkspace, Rearranged, WorkspaceId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Api, ApiError, read, send, send_json, url_part};

/// The answer to a request to remove a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    Removed,
    /// Not removed: it has children that would be removed with it, which the user has to confirm.
    Confirm {
        /// The names of some children.
        names: Vec<String>,
        /// How many children there are.
        count: usize,
    },
}

/// A workspace to be created. Empty texts are left out.
#[derive(Debug, Clone, Default)]
pub struct NewWorkspace {
    pub name: String,
    pub role: String,
    pub tier: u8,
    pub parent: Option<WorkspaceId>,
    pub model: String,
}

impl Api {
    /// Creates a workspace.
    pub async fn create_workspace(&self, workspace: &NewWorkspace) -> Result<WorkspaceId, ApiError> {
        #[derive(Deserialize)]
        struct Created {
            id: WorkspaceId,
        }
        let not_empty = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let body = json!({
            "name": workspace.name.trim(), "role": not_empty(&workspace.role), "tier": workspace.tier,
            "parent_id": workspace.parent, "model": not_empty(&workspace.model),
        });
        let answer = send_json(self.request(Method::POST, "/workspaces"), &without_nulls(body)).await?;
        read::<Created>(&answer).map(|created| created.id)
    }

    /// Restarts a workspace, which is provisioned again.
    pub async fn restart_workspace(&self, id: &WorkspaceId) -> Result<(), ApiError> {
        let request = self.request(Method::POST, &format!("/workspaces/{}/restart", url_part(id.as_str())));
        send_json(request, &json!({})).await.map(drop)
    }

    /// Changes the fields that `patch` names, and returns the workspaces that the server has moved.
    pub async fn update_workspace(&self, id: &WorkspaceId, patch: &Value) -> Result<Vec<MovedWorkspace>, ApiError> {
        let answer =
            send_json(self.request(Method::PATCH, &format!("/workspaces/{}", url_part(id.as_str()))), patch).await?;
        // A server that does not arrange workspaces answers whatever it likes.
        Ok(read::<Rearranged>(&answer).unwrap_or_default().moved)
    }

    /// Sets the positions of workspaces, and returns those that the server has moved.
    pub async fn set_positions(&self, positions: &[Value]) -> Result<Vec<MovedWorkspace>, ApiError> {
        let request = self.request(Method::PUT, "/canvas/positions");
        let answer = send_json(request, &json!({ "positions": positions })).await?;
        read::<Rearranged>(&answer).map(|rearranged| rearranged.moved)
    }

    /// Arranges everything or one team anew, or with `preview` only returns what would move.
    pub async fn tidy_up(
        &self,
        team: Option<&WorkspaceId>,
        moves_pinned: bool,
        preview: bool,
    ) -> Result<Rearranged, ApiError> {
        let body = json!({ "team_id": team, "pinned": moves_pinned, "preview": preview });
        read(&send_json(self.request(Method::POST, "/canvas/tidy"), &body).await?)
    }

    /// Removes a workspace and all its children.
    pub async fn remove_workspace(&self, id: &WorkspaceId) -> Result<(), ApiError> {
        let request = self.request(Method::DELETE, &format!("/workspaces/{}?confirm=true", url_part(id.as_str())));
        send(request.build()).await.map(drop)
    }

    /// Removes a workspace if it has no children.
    pub async fn request_removal(&self, id: &WorkspaceId) -> Result<Removal, ApiError> {
        let request = self.request(Method::DELETE, &format!("/workspaces/{}", url_part(id.as_str()))).build();
        let response = request.map_err(|_| ApiError::Unreachable)?.send().await.map_err(|_| ApiError::Unreachable)?;
        match response.status() {
            409 => confirmation(&response.text().await.unwrap_or_default()),
            _ if response.ok() => Ok(Removal::Removed),
            _ => Err(super::refusal(&response).await),
        }
    }

    /// Assigns an agent with this model.
    pub async fn assign_agent(&self, id: &WorkspaceId, model: &str) -> Result<(), ApiError> {
        send_json(
            self.request(Method::POST, &format!("/workspaces/{}/agent", url_part(id.as_str()))),
            &json!({"model": model}),
        )
        .await
        .map(drop)
    }

    /// Replaces the agent by one with this model.
    pub async fn replace_agent(&self, id: &WorkspaceId, model: &str) -> Result<(), ApiError> {
        send_json(
            self.request(Method::PATCH, &format!("/workspaces/{}/agent", url_part(id.as_str()))),
            &json!({"model": model}),
        )
        .await
        .map(drop)
    }

    /// Removes the agent.
    pub async fn remove_agent(&self, id: &WorkspaceId) -> Result<(), ApiError> {
        send(self.request(Method::DELETE, &format!("/workspaces/{}/agent", url_part(id.as_str()))).build())
            .await
            .map(drop)
    }

    /// Returns the latest activities with their bodies, newest first, as the server writes them.
    pub async fn load_activity(&self, id: &WorkspaceId, limit: usize) -> Result<Vec<Value>, ApiError> {
        read(&self.get(&format!("/workspaces/{}/activity?limit={limit}", url_part(id.as_str()))).await?)
    }

    /// Returns the activities before the one with the id `before`, newest first.
    pub async fn load_activity_before(
        &self,
        id: &WorkspaceId,
        before: &str,
        limit: usize,
    ) -> Result<Vec<Value>, ApiError> {
        let before = url_part(before);
        read(&self.get(&format!("/workspaces/{}/activity?limit={limit}&before={before}", url_part(id.as_str()))).await?)
    }

    /// Returns the events of a workspace as the server writes them: an array, or an object that holds one.
    pub async fn load_events(&self, id: &WorkspaceId) -> Result<Value, ApiError> {
        read(&self.get(&format!("/events/{}", url_part(id.as_str()))).await?)
    }
}

/// Reads what would be removed, too. What cannot be read is an error, so that nobody confirms it unseen.
fn confirmation(body: &str) -> Result<Removal, ApiError> {
    #[derive(Deserialize)]
    struct Asked {
        error: Option<String>,
        #[serde(default)]
        children: Vec<Value>,
        children_count: Option<usize>,
    }
    let asked: Asked = serde_json::from_str(body).map_err(|error| ApiError::Unreadable(error.to_string()))?;
    let name = |child: &Value| match child {
        Value::String(id) => Some(id.clone()),
        child => child.get("name").or_else(|| child.get("id"))?.as_str().map(str::to_owned),
    };
    let names: Vec<String> = asked.children.iter().filter_map(name).collect();
    match asked.children_count.unwrap_or(names.len()).max(names.len()) {
        0 => {
            let words = asked.error.unwrap_or_else(|| "the server did not say what is inside the workspace".to_owned());
            Err(ApiError::Refused { status: 409, words })
        }
        count => Ok(Removal::Confirm { names, count }),
    }
}

fn without_nulls(mut body: Value) -> Value {
    if let Some(fields) = body.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    body
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn reads_children_by_name_or_by_id() {
        let body = r#"{"status":"confirmation_required","children":[{"id":"a","name":"A"},{"id":"b"},"c"],"children_count":7}"#;
        let names = vec!["A".to_owned(), "b".to_owned(), "c".to_owned()];
        assert_eq!(confirmation(body).unwrap(), Removal::Confirm { names, count: 7 });
    }

    #[wasm_bindgen_test]
    fn a_conflict_that_names_nothing_inside_is_no_question_to_confirm() {
        assert!(confirmation("nonsense").is_err());
        assert!(confirmation(r#"{"error":"conflict"}"#).is_err());
    }
}
