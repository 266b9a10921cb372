//! HTTP client of the server: one function a request (see chapter 9 of docs/protocol.md).

mod address;
mod early_requests;
mod initial_state;
mod last_seen;
mod runs;
mod session;
mod snapshot_body;
mod workspaces;

use std::sync::Arc;

use gloo_net::http::{Method, Request, RequestBuilder, Response};
use orrery_protocol::from_json;
use serde::Deserialize;
use serde_json::Value;

pub use address::Address;
pub use last_seen::LastSeen;
pub use runs::NewTask;
pub use session::is_signed_in;
pub use workspaces::{NewWorkspace, Removal};

/// Why a request failed, in words for the user.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ApiError {
    /// The server answered with an error, and gave this reason.
    #[error("{words}")]
    Refused { status: u16, words: String },
    /// There was no answer.
    #[error("the server cannot be reached")]
    Unreachable,
    /// A saved state is shown, which has no server.
    #[error("this is not available in a saved state")]
    ReadOnly,
    /// The answer is not what the protocol says.
    #[error("the server's answer cannot be read: {0}")]
    Unreadable(String),
}

/// The client of one server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Api {
    address: Arc<Address>,
}

impl Api {
    /// Creates a client of the server at this address.
    pub fn new(address: Address) -> Self {
        Self { address: Arc::new(address) }
    }

    /// Returns the address of the server.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Sends a GET request and returns the body.
    async fn get(&self, path: &str) -> Result<String, ApiError> {
        self.open(path, "application/json").await?.text().await.map_err(|_| ApiError::Unreachable)
    }

    /// Sends a GET request and returns the response, whose body may still be arriving.
    async fn open(&self, path: &str, accept: &str) -> Result<Response, ApiError> {
        let request = self.request(Method::GET, path).header("accept", accept);
        send_for_response(request.cache(web_sys::RequestCache::NoStore).build()).await
    }

    /// Starts a request with the credentials that the server needs.
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = RequestBuilder::new(&format!("{}{path}", self.address.http)).method(method);
        // A server of another origin may refuse credentials unless it offers a sign-in.
        match self.address.sign_in {
            true => request.credentials(web_sys::RequestCredentials::Include),
            false => request,
        }
    }
}

/// Sends a request with a JSON body and returns the body of the response.
async fn send_json(request: RequestBuilder, body: &Value) -> Result<String, ApiError> {
    send(request.json(body)).await
}

/// Sends a request and returns the body of the response.
async fn send(request: Result<Request, gloo_net::Error>) -> Result<String, ApiError> {
    send_for_response(request).await?.text().await.map_err(|_| ApiError::Unreachable)
}

/// Sends a request and returns the response if its status is a success.
async fn send_for_response(request: Result<Request, gloo_net::Error>) -> Result<Response, ApiError> {
    let unreachable = |_| ApiError::Unreachable;
    check_status(request.map_err(unreachable)?.send().await.map_err(unreachable)?).await
}

async fn check_status(response: Response) -> Result<Response, ApiError> {
    if response.ok() { Ok(response) } else { Err(refusal(&response).await) }
}

/// The body of an error.
#[derive(Deserialize)]
struct ErrorBody {
    error: Option<String>,
}

/// Reads the error of a response.
async fn refusal(response: &Response) -> ApiError {
    let (status, text) = (response.status(), response.text().await.unwrap_or_default());
    let reason = serde_json::from_str(&text).ok().and_then(|ErrorBody { error }| error);
    let words = reason.unwrap_or_else(|| format!("the server answered {status} {}", response.status_text()));
    ApiError::Refused { status, words }
}

/// Reads the JSON of a response.
fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    from_json(text).map_err(|error| ApiError::Unreadable(error.to_string()))
}
