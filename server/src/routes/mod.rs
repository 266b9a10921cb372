//! The visible table of every path (wire §6, §7): one line a call. Never what a call does.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;

use crate::app::Shared;
use crate::auth::guard_origin;

/// The largest body of a request.
pub const BODY_LIMIT: usize = 256 * 1024;

pub fn router(app: Shared) -> Router {
    Router::new()
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(app.clone(), guard_origin))
        .with_state(app)
}
