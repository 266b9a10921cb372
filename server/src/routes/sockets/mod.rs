//! From a request to a subscriber: `/ws` (wire §5) and the nine `/ws/*` streams (wire §7). Never what is sent then.

mod asked;
mod canvas;
mod streams;

use axum::response::Response;

pub use canvas::workspaces;
pub use streams::{agent, agents, everything, execution, run, step, task, workflow, workflows};

use crate::app::App;
use crate::hub::Interest;
use crate::serve::Seated;
use crate::session::{Manner, Session};
use crate::websocket::{Socket, Upgrade};
use asked::Resume;

/// Subscribes first, so that what happens while the socket is agreed on is not missed.
async fn open(app: &App, upgrade: Upgrade, interest: Interest, resume: Resume, manner: Manner) -> Response {
    if let Resume::After(cursor) = &resume
        && app.hub.needs_the_log(cursor)
    {
        match app.log.oldest().await {
            Ok(oldest) => app.hub.trimmed(oldest),
            Err(error) => tracing::error!(%error, "how far the log goes back cannot be read"),
        }
    }
    let (subscription, welcome) = app.hub.subscribe(interest, resume.since());
    match welcome.resumed() {
        Some(true) => app.metrics.resumes.add(1),
        Some(false) => app.metrics.snapshots_needed.add(1),
        None => {}
    }
    let session = Session { subscription, welcome, manner, log: app.log.clone(), metrics: app.metrics.clone() };
    let (response, agreed) = upgrade.agree();
    tokio::spawn(async move {
        if let Some((stream, seat, unread)) = Seated::take_back(agreed).await {
            // A task of its own: this one's memory has held HTTP.
            tokio::spawn(session.run(Socket::new(stream, unread), seat));
        }
    });
    response
}
