//! The engine of a server that is told nothing: SQLite, in its own folder. Never shared.

use orrery_server::config::Config;

pub async fn choose(_config: &mut Config) {}
