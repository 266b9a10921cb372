//! The clients that are not part of an attack: twenty sockets that must receive everything, and an agent that makes it
//! happen. Never an attacker.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use orrery_tests::http::Http;
use orrery_tests::server::Server;
use orrery_tests::wait;
use rustix::process::{Resource, getrlimit, setrlimit};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;

const LISTENERS: usize = 20;
const EVERY: Duration = Duration::from_millis(20);

pub struct Others {
    http: Http,
    id: String,
    next: u32,
    sent_at: Arc<Mutex<BTreeMap<u32, Instant>>>,
    received: Arc<Mutex<Vec<Received>>>,
    listeners: Vec<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Received {
    /// The tasks, in the order they came.
    tasks: Vec<u32>,
    took: Vec<Duration>,
    is_over: bool,
}

/// How long events were on their way.
#[derive(Debug)]
pub struct Took {
    pub p50: Duration,
    pub p99: Duration,
}

impl Others {
    pub async fn start(server: &Server) -> Self {
        // An attack needs more files than a process is given unasked.
        let mut files = getrlimit(Resource::Nofile);
        files.current = files.maximum;
        setrlimit(Resource::Nofile, files).unwrap();
        let http = server.http();
        let id = http.post("/workspaces", json!({"name": "bystander"})).await.expect(201)["id"].take();
        let (sent_at, received) = (Arc::default(), Arc::new(Mutex::new(Vec::new())));
        let mut listeners = Vec::new();
        for number in 0..LISTENERS {
            received.lock().unwrap().push(Received::default());
            let (socket, _) = tokio_tungstenite::connect_async(server.socket_url("/ws")).await.unwrap();
            let (sent_at, received) = (Arc::clone(&sent_at), Arc::clone(&received));
            listeners.push(tokio::spawn(async move { listen(socket, number, &sent_at, &received).await }));
        }
        Self { http, id: id.as_str().unwrap().to_owned(), next: 1, sent_at, received, listeners }
    }

    /// Sends events at a fixed rate, waits until every socket has received all of them, and returns how long each took.
    pub async fn live_for(&mut self, time: Duration) -> Took {
        self.received.lock().unwrap().iter_mut().for_each(|received| received.took.clear());
        let (began, mut ticks) = (Instant::now(), tokio::time::interval(EVERY));
        while began.elapsed() < time {
            ticks.tick().await;
            let body = json!({"workspace_id": self.id, "error_rate": 0.0, "sample_error": "", "active_tasks": 1,
                "uptime_seconds": 1, "current_task": self.next.to_string()});
            self.sent_at.lock().unwrap().insert(self.next, Instant::now());
            self.next += 1;
            self.http.post("/registry/heartbeat", body).await.expect(200);
        }
        let last = self.next - 1;
        let behind = async || {
            let received = self.received.lock().unwrap();
            received.iter().filter(|received| received.is_over || received.tasks.last() != Some(&last)).count()
        };
        wait::until("everyone to receive everything", behind, |behind| *behind == 0).await;
        let received = self.received.lock().unwrap();
        for one in received.iter() {
            assert_eq!(one.tasks, (1..=last).collect::<Vec<_>>(), "each once and in order");
        }
        let mut took: Vec<Duration> = received.iter().flat_map(|received| received.took.iter().copied()).collect();
        took.sort_unstable();
        let at = |part: f64| took[((took.len() - 1) as f64 * part) as usize];
        Took { p50: at(0.5), p99: at(0.99) }
    }
}

impl Drop for Others {
    fn drop(&mut self) {
        self.listeners.iter().for_each(JoinHandle::abort);
    }
}

async fn listen(
    mut socket: tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>,
    number: usize,
    sent_at: &Mutex<BTreeMap<u32, Instant>>,
    received: &Mutex<Vec<Received>>,
) {
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else { continue };
        let now = Instant::now();
        let event: Value = serde_json::from_str(&text).unwrap();
        let Some(task) = event["payload"]["current_task"].as_str().and_then(|task| task.parse().ok()) else { continue };
        let took = now - sent_at.lock().unwrap()[&task];
        let mut received = received.lock().unwrap();
        received[number].tasks.push(task);
        received[number].took.push(took);
    }
    received.lock().unwrap()[number].is_over = true;
}

/// The server's resident memory, in bytes.
pub fn memory(server: &mut Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.program().id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// One number of /metrics.
pub async fn metric(server: &Server, name: &str) -> f64 {
    let text = server.http().get("/metrics").await.text;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map_or(0.0, |value| value.parse().unwrap())
}

/// What a page or an agent does that comes now.
pub async fn a_newcomer_is_served(server: &Server) {
    let http = server.http();
    http.get("/health/ready").await.expect(200);
    http.get("/snapshot").await.expect(200);
    let socket = server.socket("/ws?since=").await;
    socket.message("a hello", |message| message["type"] == "hello").await;
}

pub const MIB: u64 = 1024 * 1024;
