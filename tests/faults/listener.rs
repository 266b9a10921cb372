//! A client that follows the contract: it has one cursor, resumes with it on any server, and reduces what it receives.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt;
use orrery_model::{Canvas, Changes};
use orrery_protocol::message::{Frame, Heartbeat, Hello, ServerMessage};
use orrery_protocol::{Cursor, EventEnvelope};
use orrery_tests::wait;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::client_process::{self, CUT, ClientProcess, FRAME};

#[derive(Debug, Clone, PartialEq)]
pub enum Role {
    Canvas,
    /// Of this workspace.
    Agent(String),
}

pub struct Listener {
    pub role: Role,
    pub seen: Arc<Mutex<Seen>>,
    pub cuts: Arc<AtomicUsize>,
    running: Running,
}

enum Running {
    Here { frozen: Arc<AtomicBool>, task: JoinHandle<()> },
    ClientProcess(ClientProcess),
}

/// Number of clients in the process of the checker for each that has a process of its own.
const APART: usize = 5;

/// What one client received.
#[derive(Debug)]
pub struct Seen {
    pub start: u64,
    /// Every event in the order of arrival.
    pub events: Vec<EventEnvelope>,
    /// Ranges of `seq` that the server could not resume: after, up to.
    pub told_missing: Vec<(u64, u64)>,
    /// The last `seq` that it knows of.
    pub at: u64,
    pub unreadable: Vec<String>,
}

impl Listener {
    pub fn start(role: Role, addresses: Vec<String>, number: usize, from: Cursor) -> Self {
        let client = Client::new(role.clone(), addresses, &from);
        let (seen, cuts, frozen) = (Arc::clone(&client.seen), Arc::clone(&client.cuts), Arc::clone(&client.frozen));
        let running = if number.is_multiple_of(APART) {
            let (process, output) = ClientProcess::start(&role, &client.addresses, number, &from);
            let cut = Arc::clone(&cuts);
            client_process::follow(
                output,
                move |text| client.on_frame(text),
                move || {
                    cut.fetch_add(1, Relaxed);
                },
            );
            Running::ClientProcess(process)
        } else {
            Running::Here { frozen, task: tokio::spawn(client.live(number)) }
        };
        Self { role, seen, cuts, running }
    }

    /// Sends SIGSTOP or SIGCONT; a client without a process of its own stops reading and responding instead.
    pub fn freeze(&self, stopped: bool) {
        match &self.running {
            Running::Here { frozen, .. } => frozen.store(stopped, Relaxed),
            Running::ClientProcess(process) => process.stop(stopped),
        }
    }

    /// Waits until it has every event up to the head of the log.
    pub async fn reaches(&self, head: u64) {
        let at = async || self.seen.lock().unwrap().at;
        wait::until("a client to reach the head", at, |at| *at >= head).await;
    }

    /// Returns the hash of the state after its events, from the state at its start.
    pub fn fold(&self, mut canvas: Canvas) -> u64 {
        let seen = self.seen.lock().unwrap();
        seen.events.iter().for_each(|event| {
            canvas.apply(event, &mut Changes::default());
        });
        canvas.hash()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Running::Here { task, .. } = &self.running {
            task.abort();
        }
    }
}

pub struct Client {
    role: Role,
    addresses: Vec<String>,
    epoch: String,
    seen: Arc<Mutex<Seen>>,
    cuts: Arc<AtomicUsize>,
    frozen: Arc<AtomicBool>,
    /// Prints each frame for the parent process.
    is_aloud: bool,
}

impl Client {
    pub fn new(role: Role, addresses: Vec<String>, from: &Cursor) -> Self {
        let (events, told_missing, unreadable) = (Vec::new(), Vec::new(), Vec::new());
        let seen = Seen { start: from.seq, events, told_missing, at: from.seq, unreadable };
        Self {
            role,
            addresses,
            epoch: from.epoch.to_string(),
            seen: Arc::new(Mutex::new(seen)),
            cuts: Arc::default(),
            frozen: Arc::default(),
            is_aloud: false,
        }
    }

    pub fn with_output(self) -> Self {
        Self { is_aloud: true, ..self }
    }

    pub async fn live(self, number: usize) {
        for attempt in number.. {
            self.connect(&self.addresses[attempt % self.addresses.len()]).await;
            self.cuts.fetch_add(1, Relaxed);
            if self.is_aloud {
                println!("{CUT}{attempt}");
            }
            sleep(Duration::from_millis(50 + (attempt as u64 * 37) % 150)).await;
        }
    }

    async fn connect(&self, address: &str) -> Option<()> {
        let at = self.seen.lock().unwrap().at;
        let url = format!("ws://{address}/ws?since={}:{at}&include=runs", self.epoch);
        let mut request = url.into_client_request().unwrap();
        if let Role::Agent(id) = &self.role {
            request.headers_mut().insert("x-workspace-id", id.parse().unwrap());
        }
        let connecting = tokio_tungstenite::connect_async(request);
        let (mut stream, _) = timeout(Duration::from_secs(5), connecting).await.ok()?.ok()?;
        loop {
            while self.frozen.load(Relaxed) {
                sleep(Duration::from_millis(20)).await;
            }
            // Longer than a heartbeat comes late.
            match timeout(Duration::from_secs(40), stream.next()).await.ok()?? {
                Ok(Message::Text(text)) => self.on_frame(&text),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    fn on_frame(&self, text: &str) {
        if self.is_aloud {
            println!("{FRAME}{text}");
        }
        let mut seen = self.seen.lock().unwrap();
        match Frame::read(text) {
            Ok(Frame::Event(logged)) => {
                seen.at = seen.at.max(logged.seq.unwrap_or_default());
                seen.events.push(*logged);
            }
            Ok(Frame::Message(ServerMessage::Hello(Hello { head, resumed: false, .. }))) => {
                let at = seen.at;
                seen.told_missing.push((at, head));
                seen.at = head;
            }
            // For an agent most events are not meant: the head tells how far it is.
            Ok(Frame::Message(ServerMessage::Heartbeat(Heartbeat { seq: Some(seq), .. }))) => {
                seen.at = seen.at.max(seq)
            }
            Ok(Frame::Message(_)) => {}
            other => seen.unreadable.push(format!("{text}: {other:?}")),
        }
    }
}
