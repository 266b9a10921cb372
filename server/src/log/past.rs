//! What many clients ask of the log at once, when they come back from further away than memory reaches: read once for all
//! of them. Never kept for long, never more than a few pages.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use orrery_protocol::Seq;
use tokio::sync::OnceCell;
use tokio::time::sleep;

use super::{Log, LogError};
use crate::metrics::Metrics;
use crate::publish::Published;

/// A page ends where its number says, so that everybody asks for the same ones.
const PAGE: u64 = 2_000;
/// How many pages are kept at once; who asks for one more reads for itself.
const PAGES: usize = 8;
const KEPT: Duration = Duration::from_secs(10);
/// A crowd that comes at once shares the answer.
const OLDEST_KEPT: Duration = Duration::from_millis(100);

/// Cheap to clone.
#[derive(Clone)]
pub struct Past(Arc<Shelf>);

struct Shelf {
    log: Log,
    metrics: Arc<Metrics>,
    pages: Mutex<HashMap<u64, Arc<Page>>>,
    oldest: Mutex<Option<Arc<OnceCell<Option<Seq>>>>>,
}

/// `None`: it could not be read, and all who waited for it are told so.
type Page = OnceCell<Option<Arc<[Arc<Published>]>>>;

#[derive(Debug, thiserror::Error)]
#[error("the log cannot be read")]
pub struct Unread;

impl Past {
    pub fn new(log: Log, metrics: Arc<Metrics>) -> Self {
        Self(Arc::new(Shelf { log, metrics, pages: Mutex::default(), oldest: Mutex::default() }))
    }

    /// Some of the events after a place, oldest first, without those that were trimmed.
    pub async fn read(&self, after: Seq) -> Result<Vec<Arc<Published>>, Unread> {
        let number = after / PAGE;
        let page = self.page(number);
        let mut events = self.events(number, &page).await?;
        // The log may have grown since the page was read.
        let is_old = events.last().is_none_or(|last| last.seq <= after);
        if is_old {
            self.forget(number, &page);
            events = self.events(number, &self.page(number)).await?;
        }
        let first = events.partition_point(|event| event.seq <= after);
        Ok(events[first..].to_vec())
    }

    /// The first event of the unbroken rest.
    pub async fn oldest(&self) -> Result<Seq, Unread> {
        let cell = self.lock_oldest().get_or_insert_default().clone();
        let read = cell.get_or_init(async || {
            let oldest = self.told(self.0.log.oldest().await);
            let this = self.clone();
            tokio::spawn(async move {
                sleep(OLDEST_KEPT).await;
                *this.lock_oldest() = None;
            });
            oldest
        });
        read.await.ok_or(Unread)
    }

    fn page(&self, number: u64) -> Arc<Page> {
        let mut pages = self.lock_pages();
        if let Some(page) = pages.get(&number) {
            return page.clone();
        }
        let page = Arc::<Page>::default();
        if pages.len() < PAGES {
            pages.insert(number, page.clone());
            let (this, kept) = (self.clone(), page.clone());
            tokio::spawn(async move {
                sleep(KEPT).await;
                this.forget(number, &kept);
            });
        }
        page
    }

    async fn events(&self, number: u64, page: &Arc<Page>) -> Result<Arc<[Arc<Published>]>, Unread> {
        let read = page.get_or_init(async || {
            let events = self.told(self.0.log.read(number * PAGE, PAGE as u32).await)?;
            Some(events.into_iter().filter(|event| event.seq <= (number + 1) * PAGE).collect())
        });
        let events = read.await.clone();
        if events.is_none() {
            self.forget(number, page);
        }
        events.ok_or(Unread)
    }

    fn told<T>(&self, read: Result<T, LogError>) -> Option<T> {
        self.0.metrics.log_reads.add(1);
        read.inspect_err(|error| tracing::error!(%error, "the log cannot be read for clients that resume")).ok()
    }

    fn forget(&self, number: u64, page: &Arc<Page>) {
        let mut pages = self.lock_pages();
        if pages.get(&number).is_some_and(|kept| Arc::ptr_eq(kept, page)) {
            pages.remove(&number);
        }
    }

    fn lock_pages(&self) -> MutexGuard<'_, HashMap<u64, Arc<Page>>> {
        self.0.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_oldest(&self) -> MutexGuard<'_, Option<Arc<OnceCell<Option<Seq>>>>> {
        self.0.oldest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
