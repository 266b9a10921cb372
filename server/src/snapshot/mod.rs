//! `/snapshot`: every record at exactly one place in the log (see section 9.10 of docs/protocol.md). Made once for all who wait for it, sent while it is
//! made, and never while the hub waits. Never a record's meaning.

mod pieces;
mod encoded;

use std::sync::{Arc, Weak};

use orrery_model::{Canvas, StateSnapshot};
use orrery_protocol::Epoch;
use orrery_protocol::record::Viewport;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

pub use encoded::{Encoded, Form, Format, Forms};

use crate::error::Refusal;
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
    format: Format,
    form: Form,
    answer: oneshot::Sender<Result<Arc<Encoded>, Refusal>>,
}

impl Snapshots {
    /// Starts the task that makes them; it ends when nobody can ask any more.
    pub fn start(hub: Arc<Hub>, log: Log) -> Self {
        let (wishes, waiting) = mpsc::channel(WAITING);
        tokio::spawn(make(hub, log, waiting));
        Self { wishes }
    }

    /// At least as new as everything that was announced before, or why it could not be made.
    pub async fn take(&self, format: Format, form: Form) -> Result<Arc<Encoded>, Refusal> {
        let (answer, made) = oneshot::channel();
        self.wishes.send(Wish { format, form, answer }).await.map_err(|_| Refusal::Internal)?;
        made.await.map_err(|_| Refusal::Internal)?
    }
}

/// Answers before the bytes are there; they come from another thread.
pub async fn begin(
    still: StateSnapshot,
    epoch: Epoch,
    viewport: Viewport,
    format: Format,
    forms: Forms,
) -> Option<(Arc<Encoded>, JoinHandle<()>)> {
    let (begun, encoded) = oneshot::channel();
    let making = tokio::task::spawn_blocking(move || {
        let encoded = Encoded::begin(&still, epoch, viewport, format, forms);
        let _ = begun.send(encoded.clone());
        encoded.fill(&still);
    });
    Some((encoded.await.ok()?, making))
}

async fn make(hub: Arc<Hub>, log: Log, mut waiting: mpsc::Receiver<Wish>) {
    let mut wishes: Vec<Wish> = Vec::new();
    // Each lives only as long as somebody is still being sent it: at rest there is nothing to remember.
    let (mut last_json, mut last_ndjson) = (Weak::new(), Weak::new());
    while waiting.recv_many(&mut wishes, WAITING).await > 0 {
        let (ndjson, json) = wishes.drain(..).partition(|wish: &Wish| wish.format == Format::Ndjson);
        answer(&hub, &log, Format::Json, json, &mut last_json).await;
        answer(&hub, &log, Format::Ndjson, ndjson, &mut last_ndjson).await;
    }
}

/// Makes one snapshot for all of `wishes`, which are of one format, and waits until its bytes are there.
async fn answer(hub: &Hub, log: &Log, format: Format, wishes: Vec<Wish>, last: &mut Weak<Encoded>) {
    if wishes.is_empty() {
        return;
    }
    let forms = Forms::of(wishes.iter().map(|wish| wish.form));
    let (encoded, making) = match current(hub, log, last.upgrade(), format, forms).await {
        Ok(Some(current)) => current,
        Ok(None) => return tracing::error!("a snapshot could not be made"),
        Err(error) => {
            let refusal = Refusal::from(error);
            wishes.into_iter().for_each(|wish| drop(wish.answer.send(Err(refusal.clone()))));
            return;
        }
    };
    *last = Arc::downgrade(&encoded);
    for wish in wishes {
        // A caller that went away is not waiting.
        let _ = wish.answer.send(Ok(encoded.clone()));
    }
    drop(encoded);
    // One at a time: who asks meanwhile shares the next.
    if let Some(making) = making {
        let _ = making.await;
    }
}

type Current = (Arc<Encoded>, Option<JoinHandle<()>>);

async fn current(
    hub: &Hub,
    log: &Log,
    last: Option<Arc<Encoded>>,
    format: Format,
    forms: Forms,
) -> Result<Option<Current>, LogError> {
    let viewport = log.viewport().await?.unwrap_or_default();
    let is_current = |last: &Arc<Encoded>| last.cursor == hub.head() && last.viewport == viewport && last.has(forms);
    if let Some(last) = last.filter(is_current) {
        return Ok(Some((last, None)));
    }
    let begun = begin(hub.read(Canvas::snapshot), hub.epoch().clone(), viewport, format, forms).await;
    Ok(begun.map(|(encoded, making)| (encoded, Some(making))))
}
