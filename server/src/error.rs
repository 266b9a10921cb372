//! Why a call was refused: plain words and the right status (see section 9.2 of docs/protocol.md). Never the reason of a socket's close.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use orrery_protocol::WorkspaceId;
use serde_json::json;

use crate::log::{LogError, Outcome};

/// The most bytes of an error, so that it never sends back more of what the caller sent.
pub const ECHO: usize = 200;
/// The same where a single value is quoted among words of our own.
const QUOTED: usize = 120;

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    #[error("{0}")]
    BadRequest(String),
    #[error("{0}")]
    Unauthorized(String),
    #[error("{0}")]
    Forbidden(String),
    /// Sent to a name that is not this server's.
    #[error("{0}")]
    Misdirected(String),
    #[error("{0}")]
    NotFound(String),
    #[error("workspace {0} was removed")]
    Removed(WorkspaceId),
    #[error("{0}")]
    Conflict(String),
    #[error("this removes {children_count} sub-workspaces too: repeat it with ?confirm=true", children_count = .0.len())]
    ConfirmationRequired(Vec<(WorkspaceId, String)>),
    #[error("this path does not know this method")]
    MethodNotAllowed,
    #[error("{0}")]
    Unprocessable(String),
    /// It was done before: this is how it was answered.
    #[error("this was done before")]
    Repeated(Box<Outcome>),
    #[error("{0}")]
    UnsupportedMediaType(String),
    #[error("{0}")]
    TooLarge(String),
    #[error("{what}: wait {} s and try again", seconds(*wait))]
    TooMany { what: String, wait: Duration },
    /// Another system that this server asked on behalf of the caller did not answer as it should.
    #[error("{0}")]
    BadGateway(String),
    /// Nothing was done: it may be tried again.
    #[error("{0}")]
    Unavailable(String),
    /// The caller's HTTP request itself, before any route.
    #[error("{0}")]
    HeadTooLarge(String),
    #[error("something went wrong in the server; its log says what")]
    Internal,
}

/// Seconds after which what is not available is worth another try.
const RETRY_AFTER: u64 = 2;

/// Left in a response for the layer that adds the last event of a removed workspace.
#[derive(Debug, Clone)]
pub struct AboutRemoved(pub WorkspaceId);

impl Refusal {
    pub fn no_workspace(id: &WorkspaceId) -> Self {
        Self::NotFound(format!("there is no workspace {id}"))
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Misdirected(_) => StatusCode::MISDIRECTED_REQUEST,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Removed(_) => StatusCode::GONE,
            Self::Conflict(_) | Self::ConfirmationRequired(_) => StatusCode::CONFLICT,
            Self::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Repeated(outcome) => StatusCode::from_u16(outcome.status).unwrap_or(StatusCode::OK),
            Self::UnsupportedMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::HeadTooLarge(_) => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadGateway(_) => StatusCode::BAD_GATEWAY,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Returns at most so many bytes of the text, an ellipsis included where something is left out.
pub fn shortened(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    let end =
        (0..=bytes.saturating_sub('…'.len_utf8())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
    format!("{}…", &text[..end])
}

/// Returns a caller's own words in quotes, as an error may repeat them.
pub fn quoted(text: &str) -> String {
    shortened(&format!("{:?}", shortened(text, QUOTED)), QUOTED)
}

/// Whole ones, at least one: what a header can say.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0).max(u64::from(wait.is_zero()))
}

impl From<LogError> for Refusal {
    fn from(error: LogError) -> Self {
        tracing::error!(%error, "the log could not be read");
        match error.is_outage() {
            true => Self::Unavailable("the log cannot be read right now: try again in a moment".into()),
            false => Self::Internal,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let error = shortened(&self.to_string(), ECHO);
        let body = match &self {
            Self::ConfirmationRequired(children) => json!({
                "error": error,
                "status": "confirmation_required",
                "children": children.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect::<Vec<_>>(),
                "children_count": children.len(),
            }),
            Self::Repeated(outcome) => outcome.body.clone(),
            _ => json!({ "error": error }),
        };
        let mut response = (self.status(), Json(body)).into_response();
        if let Self::TooMany { wait, .. } = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds(wait)));
        }
        if let Self::Unavailable(_) = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
        }
        if let Self::Repeated(_) = self {
            response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
        }
        if let Self::Unauthorized(_) = self {
            // Who guesses pays for a new connection each time, and those are counted.
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        if let Self::Removed(id) = self {
            response.extensions_mut().insert(AboutRemoved(id));
        }
        response
    }
}
