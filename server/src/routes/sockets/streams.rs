//! The nine `/ws/*` streams, a function each (see section 11.1 of docs/protocol.md): which channel a path names. Never how events find channels.

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::response::Response;
use orrery_protocol::id::InvalidId;
use orrery_protocol::{AgentId, Channel};

use super::admitted::Admitted;
use super::asked::Asked;
use super::open;
use crate::app::Shared;
use crate::error::Refusal;
use crate::hub::{Interest, Selection};
use crate::session::{Commands, Manner};

type Opened = Result<Response, Refusal>;

/// A proper request for a stream, by somebody who may hear all of it.
pub struct Stream {
    app: Shared,
    admitted: Admitted,
    asked: Asked,
}

pub async fn task(Path(id): Path<String>, stream: Stream) -> Opened {
    stream.open(id.parse().map(Channel::Task)).await
}

pub async fn run(Path(id): Path<String>, stream: Stream) -> Opened {
    stream.open(id.parse().map(Channel::Run)).await
}

pub async fn agent(Path(id): Path<String>, stream: Stream) -> Opened {
    stream.open(id.parse().map(Channel::Agent)).await
}

pub async fn workflow(Path(id): Path<String>, stream: Stream) -> Opened {
    stream.open(id.parse().map(Channel::Workflow)).await
}

pub async fn execution(Path(id): Path<String>, stream: Stream) -> Opened {
    stream.open(id.parse().map(Channel::Execution)).await
}

pub async fn step(Path(id): Path<String>, stream: Stream) -> Opened {
    stream.open(id.parse().map(Channel::Step)).await
}

pub async fn workflows(stream: Stream) -> Opened {
    stream.open(Ok(Channel::Workflows)).await
}

/// `/ws/stream`: everything, until the client narrows it.
pub async fn everything(stream: Stream) -> Opened {
    stream.select(Selection::of(Channel::All), Commands::Selections).await
}

pub async fn agents(stream: Stream) -> Opened {
    let wanted = |text: &Option<String>| text.as_deref().map(str::trim).unwrap_or_default().to_owned();
    let workspace = match wanted(&stream.asked.workspace_id) {
        blank if blank.is_empty() => None,
        id => Some(id.parse().map_err(refuse)?),
    };
    let selection = Selection { workspace, agents: listed(&stream.asked.agent_id)?, ..Selection::of(Channel::Agents) };
    stream.select(selection, Commands::None).await
}

/// `a1, a2`: blanks are trimmed, and a list that names nobody is a mistake, not everybody.
fn listed(agents: &Option<String>) -> Result<Vec<AgentId>, Refusal> {
    let Some(list) = agents else { return Ok(Vec::new()) };
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    let agents: Vec<AgentId> = names.map(|name| name.parse().map_err(refuse)).collect::<Result<_, _>>()?;
    match agents.is_empty() {
        true => Err(Refusal::BadRequest("agent_id names no agent: leave it out to hear all of them".into())),
        false => Ok(agents),
    }
}

fn refuse(error: InvalidId) -> Refusal {
    Refusal::BadRequest(error.to_string())
}

impl Stream {
    async fn open(self, channel: Result<Channel, InvalidId>) -> Opened {
        self.select(Selection::of(channel.map_err(refuse)?), Commands::None).await
    }

    async fn select(self, selection: Selection, commands: Commands) -> Opened {
        let Self { app, admitted, asked } = self;
        let resume = asked.resume()?;
        let manner = Manner {
            heartbeat: Some(app.config.stream_heartbeat),
            tells_head: resume.is_asked(),
            batch: asked.batch(),
            semantic: asked.semantic(),
            commands,
        };
        Ok(open(&app, admitted, Interest::Stream(selection), resume, manner).await)
    }
}

impl FromRequestParts<Shared> for Stream {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Response> {
        use axum::response::IntoResponse;
        let admitted = Admitted::from_request_parts(parts, app).await?;
        admitted.caller.must_operate().map_err(Refusal::into_response)?;
        let asked = Query::<Asked>::from_request_parts(parts, app).await;
        let refuse = |error: QueryRejection| Refusal::BadRequest(error.body_text()).into_response();
        Ok(Self { app: app.clone(), admitted, asked: asked.map_err(refuse)?.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_agents() {
        let names = |text: &str| listed(&Some(text.to_owned())).map(|ids| ids.iter().map(AgentId::to_string).collect());
        assert_eq!(listed(&None), Ok(Vec::new()));
        assert_eq!(names(" a1 ,,a2,"), Ok(vec!["a1".to_owned(), "a2".to_owned()]));
        for bad in ["", " ", ",", " , ", "a\nb", "a1,b\u{7}"] {
            assert!(names(bad).is_err(), "{bad:?}");
        }
    }
}
