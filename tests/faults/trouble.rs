//! Everything that breaks, one kind after the other. Never for good.

use std::time::Duration;

use orrery_tests::proxy::Weather;
use tokio::time::sleep;

use crate::cluster::{Cluster, SERVERS};
use crate::listener::Listener;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    ServerKilled,
    ConnectionsCut,
    RedisClientsKilled,
    BackendsTerminated,
    ClientsStopped,
    RedisDown,
    HalfClosed,
    ServerStopped,
    NetworkDelayed,
    PostgresRestarted,
    NetworkSilent,
}

impl Trouble {
    pub const ALL: [Self; 11] = [
        Self::ServerKilled,
        Self::ConnectionsCut,
        Self::RedisClientsKilled,
        Self::BackendsTerminated,
        Self::ClientsStopped,
        Self::RedisDown,
        Self::HalfClosed,
        Self::ServerStopped,
        Self::NetworkDelayed,
        Self::PostgresRestarted,
        Self::NetworkSilent,
    ];

    /// Makes it and ends it.
    pub async fn make(self, cluster: &mut Cluster, listeners: &[Listener], round: usize) {
        println!("… {self:?}");
        let victim = (round + self as usize) % SERVERS;
        match self {
            Self::ServerKilled => {
                cluster.servers[victim].kill();
                sleep(Duration::from_millis(300)).await;
                cluster.servers[victim].restart().await;
            }
            Self::ServerStopped => {
                cluster.servers[victim].program().signal("STOP");
                sleep(Duration::from_secs(7)).await;
                cluster.servers[victim].program().signal("CONT");
            }
            Self::ConnectionsCut => cluster.proxies[victim].cut(),
            Self::HalfClosed => cluster.proxies[victim].half_close(),
            Self::NetworkDelayed => {
                let delay = Duration::from_millis(80);
                weather(cluster, Weather { delay, ..Weather::default() }, 2000).await;
            }
            Self::NetworkSilent => weather(cluster, Weather { silent: true, ..Weather::default() }, 2500).await,
            Self::RedisClientsKilled => cluster.redis.kill_clients(),
            Self::RedisDown => {
                cluster.redis.kill();
                sleep(Duration::from_secs(2)).await;
                cluster.redis.restart().await;
            }
            Self::BackendsTerminated => cluster.postgres.terminate_backends().await,
            Self::PostgresRestarted => {
                cluster.postgres.stop_immediately().await;
                sleep(Duration::from_millis(500)).await;
                cluster.postgres.restart().await;
            }
            Self::ClientsStopped => {
                let some = || listeners.iter().skip(round % 2).step_by(2);
                some().for_each(|listener| listener.freeze(true));
                sleep(Duration::from_secs(3)).await;
                some().for_each(|listener| listener.freeze(false));
            }
        }
    }
}

async fn weather(cluster: &Cluster, weather: Weather, millis: u64) {
    cluster.proxies.iter().for_each(|proxy| proxy.set(weather));
    sleep(Duration::from_millis(millis)).await;
    cluster.proxies.iter().for_each(|proxy| proxy.set(Weather::default()));
}
