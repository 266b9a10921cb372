//! The visible table of every path (see chapters 9 to 12 of docs/protocol.md): one line a call. Never what a call does.

pub mod body;
mod draft;
mod media_type;
mod decompress;
mod repeatable;
mod workspaces;
mod team;
mod agent;
mod a2a;
mod activity;
mod registry;
mod heartbeat;
mod events;
mod viewport;
mod positions;
mod workflows;
mod runs;
mod ingest;
mod session;
mod token;
mod health;
pub mod snapshot;
mod sockets;
mod outcome;
mod well_formed;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post, put};

use crate::app::Shared;
use crate::auth::{guard_host, guard_origin};
use crate::page;

/// The largest body of a request.
pub const BODY_LIMIT: usize = 256 * 1024;

#[rustfmt::skip]
pub fn router(app: Shared) -> Router {
    Router::new()
        .route("/workspaces", get(workspaces::list).post(workspaces::create))
        .route("/workspaces/{id}", get(workspaces::get).patch(workspaces::patch).delete(workspaces::remove))
        .route("/workspaces/{id}/restart", post(workspaces::restart))
        .route("/workspaces/{id}/expand", post(team::expand))
        .route("/workspaces/{id}/collapse", post(team::collapse))
        .route("/workspaces/{id}/agent", post(agent::assign).patch(agent::replace).delete(agent::remove))
        .route("/workspaces/{id}/agent/move", post(agent::relocate))
        .route("/workspaces/{id}/activity", get(activity::list).post(activity::log))
        .route("/workspaces/{id}/a2a", post(a2a::post))
        .route("/workspaces/{id}/token", post(token::renew).delete(token::revoke))
        .route("/registry/register", post(registry::register))
        .route("/registry/heartbeat", post(heartbeat::post))
        .route("/registry/heard", post(registry::heard))
        .route("/registry/update-card", post(registry::update_card))
        .route("/registry/{id}/peers", get(registry::peers))
        .route("/registry/discover/{id}", get(registry::discover))
        .route("/registry/check-access", post(registry::check_access))
        .route("/events", get(events::all))
        .route("/events/{id}", get(events::of_workspace))
        .route("/canvas/viewport", get(viewport::get).put(viewport::put))
        .route("/canvas/positions", put(positions::put))
        .route("/canvas/tidy", post(positions::tidy_up))
        .route("/snapshot", get(snapshot::get))
        .route("/session", get(session::get).post(session::sign_in).delete(session::sign_out))
        .route("/ws", get(sockets::workspaces))
        .route("/ws/stream", get(sockets::everything))
        .route("/ws/tasks/{id}", get(sockets::task))
        .route("/ws/runs/{id}", get(sockets::run))
        .route("/ws/agents/stream", get(sockets::agents))
        .route("/ws/agents/{id}", get(sockets::agent))
        .route("/ws/workflows/stream", get(sockets::workflows))
        .route("/ws/workflows/{id}", get(sockets::workflow))
        .route("/ws/workflows/executions/{id}", get(sockets::execution))
        .route("/ws/workflows/steps/{id}", get(sockets::step))
        .route("/api/events", post(ingest::post))
        .route("/api/workflows", get(workflows::list).post(workflows::create))
        .route("/api/workflows/executions", get(workflows::executions))
        .route("/api/workflows/executions/{id}", get(workflows::execution))
        .route("/api/workflows/executions/{id}/timeline", get(workflows::timeline_of))
        .route("/api/workflows/executions/{id}/cancel", post(workflows::cancel))
        .route("/api/workflows/executions/{id}/steps/{step}/approve", post(workflows::approve))
        .route("/api/workflows/{id}", get(workflows::get))
        .route("/api/workflows/{id}/execute", post(workflows::execute))
        .route("/api/tasks", get(runs::tasks).post(runs::create_task))
        .route("/api/runs", post(runs::create_run))
        .route("/api/runs/{id}", get(runs::run))
        .route("/api/runs/{id}/approve", post(runs::approve))
        .route("/api/runs/{id}/cancel", post(runs::cancel))
        .route("/approvals/pending", get(runs::pending_approvals))
        .route("/health", get(health::ready))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .fallback(page::page)
        .method_not_allowed_fallback(outcome::not_allowed)
        .layer(from_fn(decompress::decompress))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(app.clone(), outcome::complete))
        .layer(from_fn_with_state(app.clone(), guard_origin))
        .layer(from_fn_with_state(app.clone(), guard_host))
        .layer(from_fn(well_formed::check))
        .layer(from_fn(page::secure))
        .with_state(app)
}
