//! Three servers on one PostgreSQL and one Redis, each behind a proxy that simulates a bad network.

use std::time::Duration;

use orrery_model::{Canvas, Changes};
use orrery_protocol::{Cursor, Epoch, EventEnvelope};
use orrery_tests::http::Http;
use orrery_tests::postgres::Postgres;
use orrery_tests::proxy::{NetworkConditions, Proxy};
use orrery_tests::redis::Redis;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

pub const SERVERS: usize = 3;

pub struct Cluster {
    pub servers: Vec<Server>,
    pub proxies: Vec<Proxy>,
    pub redis: Redis,
    pub postgres: Postgres,
}

/// Every event of the log, and the state after each of the last ones.
pub struct Log {
    pub events: Vec<EventEnvelope>,
    pub frames: Vec<String>,
}

impl Log {
    pub fn head(&self) -> u64 {
        self.events.len() as u64
    }
}

impl Cluster {
    pub async fn start() -> Self {
        let postgres = Postgres::start().await;
        let redis = Redis::start().await;
        let (database_url, redis_url) = (postgres.url(), redis.url());
        let options = [
            "--database-url",
            &database_url,
            "--redis-url",
            &redis_url,
            // There are no heartbeats, so no workspace may time out.
            "--heartbeat-ttl",
            "2h",
            "--provision-timeout",
            "2h",
        ];
        let mut servers = Vec::new();
        let mut proxies = Vec::new();
        for _ in 0..SERVERS {
            let server = Server::start_with(&options).await;
            proxies.push(Proxy::to(server.address()).await);
            servers.push(server);
        }
        Self { servers, proxies, redis, postgres }
    }

    /// Returns the addresses of the proxies, which clients connect to.
    pub fn proxy_addresses(&self) -> Vec<String> {
        self.proxies.iter().map(|proxy| proxy.address().to_owned()).collect()
    }

    pub fn server_urls(&self) -> Vec<String> {
        self.servers.iter().map(|server| server.url("")).collect()
    }

    /// Creates a tree of workspaces, three levels deep.
    pub async fn create_fleet(&self, size: usize) -> Vec<String> {
        create_fleet(&self.servers[0].http(), size).await
    }

    pub async fn cursor(&self) -> Cursor {
        cursor(&self.servers[0].http()).await
    }

    /// Restarts everything that is down.
    pub async fn heal(&mut self) {
        self.proxies.iter().for_each(|proxy| proxy.set(NetworkConditions::default()));
        for server in &self.servers {
            let http = server.http();
            let ready = async || http.try_call(reqwest::Method::GET, "/health/ready", None).await;
            wait::until("a server to be ready", ready, |it| it.as_ref().is_ok_and(|it| it.status == 200))
                .await
                .unwrap();
        }
        // An event that was committed without a response is in the log now, or not at all.
        tokio::time::sleep(Duration::from_secs(1)).await;
    }

    pub async fn log(&self) -> Log {
        let head: u64 = self.postgres.run("SELECT seq FROM head").await.parse().unwrap();
        Log::read(&self.servers[0].http(), &self.cursor().await.epoch, head).await
    }

    /// Checks that the rows and hash of each server equal the reduced log.
    pub async fn agrees_with(&self, log: &Log) {
        for server in &self.servers {
            log.is_the_state_of(&server.http()).await;
        }
    }
}

/// Creates a tree of workspaces, three levels deep.
pub async fn create_fleet(http: &Http, size: usize) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for number in 0..size {
        let parent = (number % 3 > 0).then(|| ids[number / 3 * 3 + number % 3 - 1].clone());
        let body = json!({"name": format!("founder {number}"), "parent_id": parent});
        let made = http.post("/workspaces", body).await.expect(201);
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    ids
}

pub async fn cursor(http: &Http) -> Cursor {
    http.get("/workspaces").await.header("x-event-cursor").unwrap().parse().unwrap()
}

impl Log {
    pub async fn read(http: &Http, epoch: &Epoch, head: u64) -> Self {
        let mut log = Self { events: Vec::new(), frames: Vec::new() };
        while log.head() < head {
            log.extend(page(http, epoch, log.head()).await);
        }
        log
    }

    /// Checks that the rows and hash of a server equal the reduced log.
    pub async fn is_the_state_of(&self, http: &Http) {
        let mut canvas = Canvas::new();
        self.events.iter().for_each(|event| {
            canvas.apply(event, &mut Changes::default());
        });
        let hash = format!("{:016x}", canvas.hash());
        let snapshot = async || http.get("/snapshot").await;
        let at_head = |answer: &orrery_tests::http::Answer| {
            answer.json()["cursor"].as_str().is_some_and(|it| it.ends_with(&format!(":{}", self.head())))
        };
        let answer = wait::until("a server to reach the head", snapshot, at_head).await;
        assert_eq!(answer.header("x-state-hash"), Some(hash.as_str()), "a server's state is not the log's");
    }

    fn extend(&mut self, page: Vec<Value>) {
        for event in page {
            let frame = event.to_string();
            let logged = EventEnvelope::read(&frame).unwrap();
            assert_eq!(logged.seq, Some(self.head() + 1), "the log has a gap");
            self.events.push(logged);
            self.frames.push(frame);
        }
    }
}

async fn page(http: &Http, epoch: &Epoch, after: u64) -> Vec<Value> {
    let page = http.get(&format!("/events?limit=1000&since={epoch}:{after}")).await.expect(200);
    page.as_array().cloned().unwrap()
}
