//! A relay without a log, for comparison: its queue drops when it is full, and it has no cursor.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;

pub struct Relay {
    seen: Arc<Mutex<Vec<u64>>>,
    tasks: [JoinHandle<()>; 2],
}

impl Relay {
    pub fn start(addresses: Vec<String>) -> Self {
        let seen: Arc<Mutex<Vec<u64>>> = Arc::default();
        let (queue, mut waiting) = mpsc::channel::<String>(64);
        let reader = tokio::spawn(async move {
            for attempt in 0.. {
                let address = &addresses[attempt % addresses.len()];
                if let Ok((mut stream, _)) = tokio_tungstenite::connect_async(format!("ws://{address}/ws")).await {
                    while let Some(Ok(Message::Text(text))) = stream.next().await {
                        // The queue is full: the event is dropped without notice.
                        queue.try_send(text.to_string()).ok();
                    }
                }
                sleep(Duration::from_millis(200)).await;
            }
        });
        let received_seqs = Arc::clone(&seen);
        let client = tokio::spawn(async move {
            while let Some(text) = waiting.recv().await {
                let event: serde_json::Value = serde_json::from_str(&text).unwrap();
                received_seqs.lock().unwrap().extend(event["seq"].as_u64());
            }
        });
        Self { seen, tasks: [reader, client] }
    }

    /// Returns the `seq` of every event received, in order of arrival.
    pub fn stop(self) -> Vec<u64> {
        self.tasks.iter().for_each(JoinHandle::abort);
        self.seen.lock().unwrap().clone()
    }
}
