//! The faults of the cluster, each of which ends.

use std::time::Duration;

use orrery_tests::proxy::NetworkConditions;
use tokio::time::sleep;

use crate::cluster::{Cluster, SERVERS};
use crate::listener::Listener;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClusterFault {
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

impl ClusterFault {
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

    /// Causes the fault and ends it.
    pub async fn inject(self, cluster: &mut Cluster, listeners: &[Listener], round: usize) {
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
                conditions(cluster, NetworkConditions { delay, ..NetworkConditions::default() }, 2000).await;
            }
            Self::NetworkSilent => {
                conditions(cluster, NetworkConditions { silent: true, ..NetworkConditions::default() }, 2500).await
            }
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

async fn conditions(cluster: &Cluster, conditions: NetworkConditions, millis: u64) {
    cluster.proxies.iter().for_each(|proxy| proxy.set(conditions));
    sleep(Duration::from_millis(millis)).await;
    cluster.proxies.iter().for_each(|proxy| proxy.set(NetworkConditions::default()));
}
