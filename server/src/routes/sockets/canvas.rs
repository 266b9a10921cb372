//! `/ws`: a canvas hears everything, an agent what its workspace may (see section 10.3 of docs/protocol.md). Never the rule of who may.

use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use orrery_protocol::WorkspaceId;

use super::admitted::Admitted;
use super::asked::Asked;
use super::open;
use crate::app::{App, Shared};
use crate::error::Refusal;
use crate::hub::{Interest, Kinds};
use crate::session::{Commands, Manner};

/// For clients that resume: a silence that is longer is a fault.
const HEARTBEAT: Duration = Duration::from_secs(15);

pub async fn workspaces(
    State(app): State<Shared>,
    admitted: Admitted,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(asked) = asked.map_err(|error| Refusal::BadRequest(error.body_text()))?;
    let resume = asked.resume()?;
    // Kinds that older clients do not know are for those that say they know them.
    let kinds = Kinds { updates: resume.is_asked(), runs: asked.includes_runs() };
    let interest = match admitted.caller.workspace() {
        None => Interest::Canvas(kinds),
        Some(id) => {
            must_be_there(&app, &id).await?;
            Interest::Agent(id, Kinds { runs: false, ..kinds })
        }
    };
    let manner = Manner {
        heartbeat: resume.is_asked().then_some(HEARTBEAT),
        tells_head: true,
        batch: asked.batch(),
        semantic: asked.semantic(),
        commands: Commands::None,
    };
    Ok(open(&app, admitted, interest, resume, manner).await)
}

async fn must_be_there(app: &App, id: &WorkspaceId) -> Result<(), Refusal> {
    if app.hub.read(|canvas| canvas.find(id).is_some()) {
        return Ok(());
    }
    match app.log.last_word(id).await? {
        Some(_) => Err(Refusal::Removed(id.clone())),
        None => Err(Refusal::no_workspace(id)),
    }
}
