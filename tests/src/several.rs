//! Some servers on one private Postgres and Redis. Never a client of them.

use crate::postgres::Postgres;
use crate::redis::Redis;
use crate::server::Server;

pub struct Several {
    /// First: dropped before what they stand on.
    pub servers: Vec<Server>,
    pub redis: Redis,
    pub postgres: Postgres,
}

impl Several {
    /// Nobody beats here unless a test says so, and nobody shall be called silent.
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
