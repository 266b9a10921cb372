//! When each rendered agent last sent a heartbeat, and which of them are overdue. The server is asked for all of them every few
//! seconds.

use std::collections::HashMap;
use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::{Status, WorkspaceId};

use super::controller::CanvasController;
use crate::api::{ApiError, LastSeen};
use crate::browser::clock;
use crate::commands::Commands;
use crate::session::Session;
use crate::store::{NodeHandle, StoreSignals};
use crate::ui::time::format_stopwatch;

/// Given to the page by context; cheap to copy.
#[derive(Clone, Copy)]
pub struct Freshness {
    /// By this page's clock, in milliseconds since 1970.
    last_seen: RwSignal<HashMap<WorkspaceId, i64>>,
    /// After so many milliseconds without a heartbeat the server takes an agent for offline.
    ttl: RwSignal<i64>,
}

/// An agent sends several heartbeats within the TTL: after this part of it, it is overdue.
const OVERDUE_DIVISOR: i64 = 2;
/// The least and the greatest pause between two requests, in milliseconds.
const REQUEST_INTERVAL: (i64, i64) = (1_000, 10_000);
/// How many agents one request names at most.
const MAX_AGENTS: usize = 200;

impl Freshness {
    /// Starts asking the server, until it answers that it cannot tell.
    pub fn begin() -> Self {
        let freshness = Self { last_seen: RwSignal::new(HashMap::new()), ttl: RwSignal::new(60_000) };
        let (session, commands) = (expect_context::<Session>(), expect_context::<Commands>());
        let poll = Poll {
            freshness,
            signals: expect_context::<StoreSignals>(),
            controller: expect_context::<CanvasController>(),
            session,
            commands,
        };
        poll.run();
        // The panel shows when the selected agent last sent a heartbeat: it does not wait for the next request.
        Effect::new(move |_| {
            let (id, api) = (session.selection.get(), untrack(|| commands.api()));
            if let (Some(id), Some(api)) = (id.filter(|id| untrack(|| freshness.last(id)).is_none()), api) {
                spawn_local(async move {
                    if let Ok(last_seen) = api.load_last_seen(&[id]).await {
                        freshness.update(last_seen);
                    }
                });
            }
        });
        freshness
    }

    /// Returns when an agent last sent a heartbeat, in milliseconds since 1970. Reactive.
    pub fn last(&self, id: &WorkspaceId) -> Option<i64> {
        self.last_seen.with(|last_seen| last_seen.get(id).copied())
    }

    /// Returns whether an agent with its last heartbeat at `last` should have sent another one by `now`. Reactive.
    pub fn is_late(&self, last: i64, now: i64) -> bool {
        now - last > self.ttl.get() / OVERDUE_DIVISOR
    }

    fn update(&self, answer: LastSeen) {
        let now = clock::now().millis();
        let at = answer.seconds_ago.into_iter().map(|(id, ago)| (id, now - (ago * 1000.0) as i64));
        self.ttl.set((answer.ttl_seconds * 1000.0) as i64);
        self.last_seen.update(|last_seen| last_seen.extend(at));
    }

    /// Returns the agents among `nodes` that are overdue, and for how long.
    fn overdue(&self, nodes: &[NodeHandle], now: i64) -> HashMap<WorkspaceId, String> {
        let overdue = |node: &NodeHandle| {
            let is_alive = |status: &Status| matches!(status, Status::Online | Status::Degraded);
            let last = node.health.with_untracked(|health| is_alive(&health.status)).then(|| self.last(&node.id))??;
            let wait = format_stopwatch(now - last);
            self.is_late(last, now).then(|| (node.id.clone(), format!("no heartbeat for {wait}")))
        };
        untrack(|| nodes.iter().filter_map(overdue).collect())
    }
}

/// The repeated request.
#[derive(Clone, Copy)]
struct Poll {
    freshness: Freshness,
    signals: StoreSignals,
    controller: CanvasController,
    session: Session,
    commands: Commands,
}

impl Poll {
    /// Asks now, and again after a pause.
    fn run(self) {
        spawn_local(async move {
            // A server without a log does not have this route (see section 13.5 of docs/protocol.md).
            if let Err(ApiError::Refused { status: 404 | 405, .. }) = self.request().await {
                return;
            }
            let pause = (self.freshness.ttl.get_untracked() / 6).clamp(REQUEST_INTERVAL.0, REQUEST_INTERVAL.1);
            set_timeout(move || self.run(), Duration::from_millis(pause as u64));
        });
    }

    async fn request(self) -> Result<(), ApiError> {
        let is_live = self.signals.connection.with_untracked(|connection| connection.word() == "live");
        let Some(api) = untrack(|| self.commands.api()).filter(|_| is_live && !document().hidden()) else {
            return Ok(());
        };
        let rendered = self.signals.rendered.with_untracked(|nodes| nodes.iter().map(|node| node.id.clone()).collect());
        let rendered: Vec<WorkspaceId> = rendered;
        let ids: Vec<_> = self.session.selection.get_untracked().into_iter().chain(rendered).take(MAX_AGENTS).collect();
        let answer = api.load_last_seen(&ids).await?;
        let freshness = self.freshness;
        freshness.last_seen.update_untracked(HashMap::clear);
        freshness.update(answer);
        let now = clock::now().millis();
        let overdue = self.signals.rendered.with_untracked(|nodes| freshness.overdue(nodes, now));
        self.controller.annotations.set_overdue(overdue);
        Ok(())
    }
}
