//! As many open files as the system allows: each connection is one. Never more than that.

use rustix::process::{Resource, getrlimit, setrlimit};

/// What was allowed before holds when the system refuses.
pub fn allow_many() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::debug!(%error, "the number of open files stays as it is");
    }
}
