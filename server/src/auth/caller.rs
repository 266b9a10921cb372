//! Who a request comes from: the role comes from the credential alone, the header only narrows it (see section 8.2 of docs/protocol.md).
//! Never what the call may contain.

use std::time::Instant;

use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, header, request::Parts};
use orrery_protocol::WorkspaceId;

use super::{Credentials, Proof, cookie};
use crate::app::{App, Shared};
use crate::error::Refusal;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// The operator: by the admin token or signed in, or anyone in open mode.
    Operator,
    /// Open mode, and it says which workspace it is: it may do what anyone may, and hears what that workspace may.
    Claimed(WorkspaceId),
    /// Proven by the workspace's token: it may do its own things.
    Agent(WorkspaceId),
}

/// The caller's own workspace, from `X-Workspace-ID` or the token.
pub type CallerId = Option<WorkspaceId>;

impl Caller {
    /// And on what its right rests.
    pub fn of(headers: &HeaderMap, credentials: &Credentials) -> Result<(Self, Proof), Refusal> {
        let claimed = claimed(headers)?;
        // The operator may look through a workspace's eyes.
        let operator = |claimed: CallerId| claimed.map_or(Self::Operator, Self::Claimed);
        let Some(token) = bearer(headers) else {
            return match (credentials.secured(), cookie::of(headers, credentials.cookie_name())) {
                (true, None) => Err(Refusal::Unauthorized("a credential is needed: Authorization: Bearer …".into())),
                (true, Some(cookie)) => match credentials.sign_in(cookie) {
                    Some(sign_in) => Ok((operator(claimed), Proof::SignIn(sign_in))),
                    None => Err(Refusal::Unauthorized("the sign-in is over: sign in again".into())),
                },
                (false, _) => Ok((operator(claimed), Proof::Lasting)),
            };
        };
        if credentials.is_admin(token) {
            return Ok((operator(claimed), Proof::Lasting));
        }
        let Some((own, hash)) = credentials.workspace(token) else {
            return Err(Refusal::Unauthorized("the credential is not known here".into()));
        };
        match claimed {
            Some(id) if id != own => {
                Err(Refusal::Forbidden(format!("X-Workspace-ID says {id}, but the token is another workspace's")))
            }
            _ => Ok((Self::Agent(own), Proof::Token(hash))),
        }
    }

    /// And counts its request.
    pub async fn admit(headers: &HeaderMap, app: &App) -> Result<(Self, Proof), Refusal> {
        if let (Some(log), Some(token)) = (app.log.shared(), bearer(headers)) {
            app.credentials.read_through(log, token).await?;
        }
        let (caller, proof) = Self::of(headers, &app.credentials)?;
        if let Self::Claimed(id) | Self::Agent(id) = &caller {
            app.requests
                .take(id, Instant::now())
                .map_err(|wait| Refusal::TooMany { what: format!("workspace {id} makes too many requests"), wait })?;
        }
        Ok((caller, proof))
    }

    pub fn workspace(&self) -> CallerId {
        match self {
            Self::Operator => None,
            Self::Claimed(id) | Self::Agent(id) => Some(id.clone()),
        }
    }

    /// Returns the workspace whose token was shown: it acts for itself only. `None` for operators.
    pub fn agent(&self) -> Option<&WorkspaceId> {
        match self {
            Self::Agent(own) => Some(own),
            Self::Operator | Self::Claimed(_) => None,
        }
    }

    /// For what concerns the whole canvas.
    pub fn must_operate(&self) -> Result<(), Refusal> {
        match self {
            Self::Operator | Self::Claimed(_) => Ok(()),
            Self::Agent(id) => Err(Refusal::Forbidden(format!("the token of workspace {id} does not allow this"))),
        }
    }

    /// For what a workspace does for itself.
    pub fn must_own(&self, id: &WorkspaceId) -> Result<(), Refusal> {
        match self {
            Self::Agent(own) if own != id => {
                Err(Refusal::Forbidden(format!("the token of workspace {own} does not allow this for {id}")))
            }
            _ => Ok(()),
        }
    }
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Refusal> {
        Self::admit(&parts.headers, app).await.map(|(caller, _)| caller)
    }
}

fn claimed(headers: &HeaderMap) -> Result<CallerId, Refusal> {
    let Some(value) = headers.get("x-workspace-id") else { return Ok(None) };
    let id = std::str::from_utf8(value.as_bytes()).ok().and_then(|text| text.parse().ok());
    id.map(Some).ok_or_else(|| Refusal::BadRequest("X-Workspace-ID is not an id".into()))
}

/// Returns the bearer token of `Authorization`, if there is one. Other schemes are a proxy's own, and an empty token is
/// none: neither says who is calling.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let values = headers.get_all(header::AUTHORIZATION).iter().filter_map(|value| value.to_str().ok());
    let mut credentials = values.filter_map(|value| value.trim().split_once(' '));
    let bearer = credentials.find(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    bearer.map(|(_, token)| token.trim()).filter(|token| !token.is_empty())
}
