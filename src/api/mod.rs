//! The requests that the page makes (see chapter 9 of docs/protocol.md), one function each. Never what is done with the answers.

mod address;
mod initial_state;
mod early;
mod body;
mod workspaces;
mod last_seen;
mod runs;
mod sign_in;

use std::sync::Arc;

use gloo_net::http::{Method, Request, RequestBuilder, Response};
use orrery_protocol::{Workspace, WorkspaceId, from_json};
use serde::Deserialize;
use serde_json::{Value, json};

pub use address::Address;
pub use workspaces::{NewWorkspace, Removal};

pub use last_seen::LastSeen;
pub use runs::NewTask;
pub use sign_in::is_signed_in;

/// Why a request did not do what was asked, in words for a person.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ApiError {
    /// The server's own words.
    #[error("{words}")]
    Refused { status: u16, words: String },
    #[error("the server cannot be reached")]
    Unreachable,
    /// What is shown is a file.
    #[error("this is a saved state, and only to be read")]
    ReadOnly,
    #[error("the server's answer cannot be read: {0}")]
    Unreadable(String),
}

#[derive(Debug, Clone)]
pub struct Api {
    address: Arc<Address>,
}

impl Api {
    pub fn new(address: Address) -> Self {
        Self { address: Arc::new(address) }
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    pub async fn workspace(&self, id: &WorkspaceId) -> Result<Workspace, ApiError> {
        read(&self.get(&format!("/workspaces/{id}")).await?)
    }

    /// The retry button.
    pub async fn restart(&self, id: &WorkspaceId) -> Result<(), ApiError> {
        let request = self.request(Method::POST, &format!("/workspaces/{id}/restart"));
        send_json(request, &json!({})).await.map(drop)
    }

    /// Changes just the fields that `patch` names.
    pub async fn patch(&self, id: &WorkspaceId, patch: &Value) -> Result<(), ApiError> {
        send_json(self.request(Method::PATCH, &format!("/workspaces/{id}")), patch).await.map(drop)
    }

    /// With its children, when it has any: ask the person first.
    pub async fn remove(&self, id: &WorkspaceId) -> Result<(), ApiError> {
        let request = self.request(Method::DELETE, &format!("/workspaces/{id}?confirm=true"));
        send(request.build()).await.map(drop)
    }

    /// The latest activities with their bodies, the newest first, as the server writes them.
    pub async fn activity(&self, id: &WorkspaceId, most: usize) -> Result<Vec<Value>, ApiError> {
        read(&self.get(&format!("/workspaces/{id}/activity?limit={most}")).await?)
    }

    /// The workspace's own log, as the server writes it: an array, or an object that holds one.
    pub async fn events(&self, id: &WorkspaceId) -> Result<Value, ApiError> {
        read(&self.get(&format!("/events/{id}")).await?)
    }

    async fn get(&self, path: &str) -> Result<String, ApiError> {
        self.open(path, "application/json").await?.text().await.map_err(|_| ApiError::Unreachable)
    }

    /// The same, to be read while it arrives.
    async fn open(&self, path: &str, accept: &str) -> Result<Response, ApiError> {
        let request = self.request(Method::GET, path).header("accept", accept);
        answered(request.cache(web_sys::RequestCache::NoStore).build()).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = RequestBuilder::new(&format!("{}{path}", self.address.http)).method(method);
        // A server that knows no cookies may refuse to answer a page of another origin that brings some.
        match self.address.sign_in {
            true => request.credentials(web_sys::RequestCredentials::Include),
            false => request,
        }
    }
}

async fn send_json(request: RequestBuilder, body: &Value) -> Result<String, ApiError> {
    send(request.json(body)).await
}

async fn send(request: Result<Request, gloo_net::Error>) -> Result<String, ApiError> {
    answered(request).await?.text().await.map_err(|_| ApiError::Unreachable)
}

/// The server agreed, and its body is to be read.
async fn answered(request: Result<Request, gloo_net::Error>) -> Result<Response, ApiError> {
    let unreachable = |_| ApiError::Unreachable;
    accepted(request.map_err(unreachable)?.send().await.map_err(unreachable)?).await
}

async fn accepted(response: Response) -> Result<Response, ApiError> {
    if response.ok() { Ok(response) } else { Err(refusal(&response).await) }
}

/// The body of an error.
#[derive(Deserialize)]
struct ErrorBody {
    error: Option<String>,
}

async fn refusal(response: &Response) -> ApiError {
    let (status, text) = (response.status(), response.text().await.unwrap_or_default());
    let said = serde_json::from_str(&text).ok().and_then(|ErrorBody { error }| error);
    let words = said.unwrap_or_else(|| format!("the server answered {status} {}", response.status_text()));
    ApiError::Refused { status, words }
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    from_json(text).map_err(|error| ApiError::Unreadable(error.to_string()))
}
