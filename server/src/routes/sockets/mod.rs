//! From a request to a subscriber: `/ws` and the nine `/ws/*` streams (see chapters 10 and 11 of docs/protocol.md). Never what is sent then.

mod admitted;
mod asked;
mod canvas;
mod streams;

use axum::response::Response;
use orrery_protocol::message::CloseCode;

pub use canvas::workspaces;
pub use streams::{agent, agents, everything, execution, run, step, task, workflow, workflows};

use crate::app::App;
use crate::hub::Interest;
use crate::serve::Seated;
use crate::session::{Manner, Session};
use crate::websocket::Socket;
use admitted::Admitted;
use asked::Resume;

/// Subscribes first, so that what happens while the socket is agreed on is not missed.
async fn open(app: &App, admitted: Admitted, interest: Interest, resume: Resume, manner: Manner) -> Response {
    if let Resume::After(cursor) = &resume
        && app.hub.needs_the_log(cursor)
    {
        // Otherwise the client will find out by a gap.
        app.past.oldest().await.into_iter().for_each(|oldest| app.hub.trimmed(oldest));
    }
    let (subscription, welcome) = app.hub.subscribe(interest, resume.since());
    subscription.rests_on(admitted.proof);
    if !app.credentials.holds(&admitted.proof) {
        subscription.queue.cut(CloseCode::Unauthorized.into());
    }
    if let (Resume::After(cursor), Some(false)) = (&resume, welcome.resumed())
        && cursor.epoch == *app.hub.epoch()
        && cursor.seq > app.hub.head().seq
    {
        tracing::warn!(%cursor, "a client knows events that are not here: if the log was restored from a copy, tell it so with `orrery-server new-epoch`");
    }
    match welcome.resumed() {
        Some(true) => app.metrics.resumes.add(1),
        Some(false) => app.metrics.snapshots_needed.add(1),
        None => {}
    }
    let session = Session { subscription, welcome, manner, past: app.past.clone(), metrics: app.metrics.clone() };
    let (response, agreed) = admitted.upgrade.agree();
    tokio::spawn(async move {
        if let Some((stream, seat, unread)) = Seated::take_back(agreed).await {
            // A task of its own: this one's memory has held HTTP.
            tokio::spawn(session.run(Socket::new(stream, unread), seat));
        }
    });
    response
}
