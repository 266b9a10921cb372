//! The engine of a server that is told nothing: SQLite, in its own folder. Never shared.

use std::path::Path;

use orrery_server::config::Config;

pub async fn choose(_config: &mut Config) {}

/// The same for the real binary.
pub async fn flags(_folder: &Path) -> Vec<String> {
    Vec::new()
}
