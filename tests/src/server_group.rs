//! Several servers on a private PostgreSQL and Redis.

use crate::postgres::Postgres;
use crate::redis::Redis;
use crate::server::Server;

pub struct ServerGroup {
    /// First, so that they are dropped before the databases.
    pub servers: Vec<Server>,
    pub redis: Redis,
    pub postgres: Postgres,
}

impl ServerGroup {
    /// Starts the servers with time-outs of two hours, because most tests send no heartbeats.
    pub async fn start(count: usize, options: &[&str]) -> Self {
        let (postgres, redis) = (Postgres::start().await, Redis::start().await);
        let (database_url, redis_url) = (postgres.url(), redis.url());
        let mut all = vec!["--database-url", &database_url, "--redis-url", &redis_url];
        all.extend(["--heartbeat-ttl", "2h", "--provision-timeout", "2h"]);
        all.extend(options);
        let mut servers = Vec::new();
        for _ in 0..count {
            servers.push(Server::start_with(&all).await);
        }
        Self { servers, redis, postgres }
    }
}
