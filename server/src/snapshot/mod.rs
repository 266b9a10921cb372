//! `/snapshot`: every record at exactly one place in the log (wire §5). Made once for all who wait for it, and never
//! while the hub waits. Never a record's meaning.

mod encoded;

use std::sync::{Arc, Weak};

use orrery_model::Canvas;
use tokio::sync::{mpsc, oneshot};

pub use encoded::Encoded;

use crate::hub::Hub;
use crate::log::{Log, LogError};

/// How many clients may wait at once; the next ones wait to be let in.
const WAITING: usize = 1024;

/// Who asks. A thousand clients that come back at once are one snapshot, not a thousand.
#[derive(Clone)]
pub struct Snapshots {
    wishes: mpsc::Sender<Wish>,
}

struct Wish {
    gzip: bool,
    answer: oneshot::Sender<Arc<Encoded>>,
}

impl Snapshots {
    /// Starts the task that makes them; it ends when nobody can ask any more.
    pub fn start(hub: Arc<Hub>, log: Log) -> Self {
        let (wishes, waiting) = mpsc::channel(WAITING);
        tokio::spawn(make(hub, log, waiting));
        Self { wishes }
    }

    /// At least as new as everything that was announced before. `None` when it could not be made.
    pub async fn take(&self, gzip: bool) -> Option<Arc<Encoded>> {
        let (answer, made) = oneshot::channel();
        self.wishes.send(Wish { gzip, answer }).await.ok()?;
        made.await.ok()
    }
}

async fn make(hub: Arc<Hub>, log: Log, mut waiting: mpsc::Receiver<Wish>) {
    let mut wishes = Vec::new();
    // Lives only as long as somebody is still being sent it: at rest there is nothing to remember.
    let mut last: Weak<Encoded> = Weak::new();
    while waiting.recv_many(&mut wishes, WAITING).await > 0 {
        let gzip = wishes.iter().any(|wish| wish.gzip);
        match current(&hub, &log, last.upgrade(), gzip).await {
            Ok(encoded) => {
                last = Arc::downgrade(&encoded);
                for wish in wishes.drain(..) {
                    // Who no longer waits is not told.
                    let _ = wish.answer.send(encoded.clone());
                }
            }
            Err(error) => {
                tracing::error!(%error, "a snapshot could not be made");
                wishes.clear();
            }
        }
    }
}

async fn current(hub: &Hub, log: &Log, last: Option<Arc<Encoded>>, gzip: bool) -> Result<Arc<Encoded>, LogError> {
    let viewport = log.viewport().await?.unwrap_or_default();
    if let Some(last) = last.filter(|last| last.cursor == hub.head() && last.viewport == viewport)
        && (last.gzip.is_some() || !gzip)
    {
        return Ok(last);
    }
    let epoch = hub.epoch().clone();
    let still = hub.read(Canvas::still);
    let encode = move || Encoded::new(&still, epoch, viewport, gzip);
    Ok(Arc::new(tokio::task::spawn_blocking(encode).await.expect("encoding cannot panic")))
}
