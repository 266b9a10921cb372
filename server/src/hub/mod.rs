//! The hub delivers: one committed event in, into the queue of everyone whom it concerns. It also holds the mirror, the
//! fold of what was delivered, and the ring of what was delivered last. Never a socket, never a query.
//!
//! Everything here is done at once under a lock, and nothing waits while it holds one.

mod queue;
mod place;
mod about;
mod interest;
mod ring;
mod agents;
mod streams;
mod subscribers;
mod subscription;
mod pace;
mod backlog;
mod welcome;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::task::Waker;
use std::time::{Duration, Instant};

use orrery_model::{Canvas, Changes};
use orrery_protocol::message::{CloseCode, Hello, ServerMessage};
use orrery_protocol::{Cursor, Epoch, Seq};
use tokio::sync::Notify;

pub use backlog::{Backlog, Missing};
pub use interest::{Interest, Kinds, Selection};
pub use queue::{Closing, Queue};
pub use subscribers::Connected;
pub use subscription::Subscription;
pub use welcome::{Since, Welcome};

use crate::auth::Proof;
use crate::publish::Published;
use pace::Pace;
use place::Place;
use queue::Pushed;
use ring::{Delivered, Ring};
use subscribers::{Key, Subscribers};

/// What one subscriber may be behind before it is closed as too slow.
const QUEUE_BYTES: usize = 4 * 1024 * 1024;
/// How many events are delivered under one lock, and woken for together.
const AT_ONCE: usize = 64;

pub struct Hub {
    epoch: Epoch,
    /// The first event of the unbroken rest of the log.
    oldest: AtomicU64,
    delivery: Mutex<Delivery>,
    /// Only written while `delivery` is held.
    mirror: RwLock<Canvas>,
    has_late: Notify,
}

struct Delivery {
    ring: Ring,
    subscribers: Subscribers,
    /// Of those whose right to hear may end.
    proofs: HashMap<Key, (Proof, Arc<Queue>)>,
    pace: Pace,
    /// Those that sleep over an event until the next pulse.
    late: Vec<Arc<Queue>>,
    /// Set when the server stops: who subscribes from then on hears this.
    over: Option<Closing>,
}

impl Hub {
    /// `canvas` is the fold of the log so far.
    pub fn new(epoch: Epoch, canvas: Canvas, oldest: Seq) -> Self {
        let delivery = Delivery {
            ring: Ring::new(canvas.seq()),
            subscribers: Subscribers::default(),
            proofs: HashMap::new(),
            pace: Pace::new(Instant::now()),
            late: Vec::new(),
            over: None,
        };
        Self {
            epoch,
            oldest: AtomicU64::new(oldest),
            delivery: Mutex::new(delivery),
            mirror: RwLock::new(canvas),
            has_late: Notify::new(),
        }
    }

    /// Called by the bus alone, in the order of the log: what one commit made, so that each socket is woken once for it.
    pub fn deliver(&self, batch: impl IntoIterator<Item = Arc<Published>>) {
        let mut batch = batch.into_iter().peekable();
        while batch.peek().is_some() {
            self.deliver_some(&mut batch);
        }
    }

    fn deliver_some(&self, batch: &mut impl Iterator<Item = Arc<Published>>) {
        let mut wakes = Vec::new();
        let begins_to_wait = {
            let delivery = &mut *self.lock();
            let nobody_waited = delivery.late.is_empty();
            let now = Instant::now();
            for published in batch.take(AT_ONCE) {
                let head = delivery.ring.head();
                if published.seq != head + 1 {
                    // An event twice is an event once; one too early would be a lie to everybody.
                    debug_assert!(published.seq <= head, "the bus announces in order");
                    continue;
                }
                delivery.deliver(&self.mirror, published, now, &mut wakes);
            }
            nobody_waited && !delivery.late.is_empty()
        };
        wakes.into_iter().for_each(Waker::wake);
        if begins_to_wait {
            self.has_late.notify_one();
        }
    }

    /// Wakes those that sleep over an event under load. Runs as long as the server does.
    pub async fn pulse(&self) {
        loop {
            self.has_late.notified().await;
            let rested_at = self.lock().pace.rested_at();
            tokio::time::sleep_until(rested_at.into()).await;
            let now = Instant::now();
            let late = {
                let delivery = &mut *self.lock();
                delivery.pace.pulsed(delivery.late.len(), now);
                std::mem::take(&mut delivery.late)
            };
            late.iter().for_each(|queue| queue.rouse(now));
        }
    }

    /// Under load: until when those rest who heard the last event. What is committed sooner waits for them.
    pub fn rests_until(&self) -> Option<Instant> {
        self.lock().pace.rests_until(Instant::now())
    }

    pub fn subscribe(self: &Arc<Self>, interest: Interest, since: Since<'_>) -> (Subscription, Welcome) {
        let delivery = &mut *self.lock();
        let head = delivery.ring.head();
        let queue = Arc::new(Queue::new(QUEUE_BYTES, head));
        if let Some(over) = &delivery.over {
            queue.close(over.clone());
        }
        let place = match &interest {
            Interest::Agent(workspace, _) => self.read(|canvas| Place::of(canvas, workspace)),
            Interest::Canvas(_) | Interest::Stream(_) => None,
        };
        let welcome = self.welcome(&delivery.ring, &interest, &place, since);
        let key = delivery.subscribers.insert(&interest, place, queue.clone());
        (Subscription { hub: self.clone(), key, interest, queue }, welcome)
    }

    /// Looks at the fold of everything delivered so far. Be brief: deliveries wait.
    pub fn read<T>(&self, look: impl FnOnce(&Canvas) -> T) -> T {
        look(&self.mirror.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// The place of the last event that was delivered.
    pub fn head(&self) -> Cursor {
        Cursor { epoch: self.epoch.clone(), seq: self.read(Canvas::seq) }
    }

    /// Must the log be asked to go on after this cursor?
    pub fn needs_the_log(&self, cursor: &Cursor) -> bool {
        cursor.epoch == self.epoch && cursor.seq + 1 < self.lock().ring.first()
    }

    /// The log was trimmed up to here.
    pub fn trimmed(&self, oldest: Seq) {
        self.oldest.fetch_max(oldest, Relaxed);
    }

    /// Closes sockets at once, because their right to hear is over.
    pub fn cut(&self, closing: &Closing, is_over: impl Fn(&Proof) -> bool) {
        let delivery = self.lock();
        let over = delivery.proofs.values().filter(|(proof, _)| is_over(proof));
        over.for_each(|(_, queue)| queue.cut(closing.clone()));
    }

    /// Every subscriber hears what waits for it, and then that the server stops.
    pub fn shut_down(&self) {
        let over = Closing::from(CloseCode::ShuttingDown);
        let delivery = &mut *self.lock();
        delivery.subscribers.close_all(&over);
        delivery.over = Some(over);
    }

    /// Events are missing for good that were never delivered here: everybody is closed, and comes again to what there is.
    pub fn begin_anew(&self, canvas: Canvas, oldest: Seq) {
        let delivery = &mut *self.lock();
        delivery.subscribers.close_all(&CloseCode::Gap.into());
        delivery.ring = Ring::new(canvas.seq());
        *self.mirror.write().unwrap_or_else(PoisonError::into_inner) = canvas;
        self.trimmed(oldest);
    }

    pub fn connected(&self) -> Connected {
        self.lock().subscribers.connected()
    }

    /// What waits for all subscribers together, in bytes; events that wait for several count for each.
    pub fn queued(&self) -> usize {
        self.lock().subscribers.queues().map(|queue| queue.bytes()).sum()
    }

    fn welcome(&self, ring: &Ring, interest: &Interest, place: &Option<Place>, since: Since<'_>) -> Welcome {
        let cursor = match since {
            Since::Now => return Welcome { hello: None, backlog: None },
            Since::Head => None,
            Since::After(cursor) => Some(cursor).filter(|it| it.epoch == self.epoch && it.seq <= ring.head()),
        };
        let oldest = match interest {
            // Where an agent stood is only known as far back as the ring goes.
            Interest::Agent(..) => ring.first(),
            Interest::Canvas(_) | Interest::Stream(_) => self.oldest.load(Relaxed).min(ring.first()),
        };
        let cursor = cursor.filter(|cursor| cursor.seq + 1 >= oldest);
        let backlog = cursor.filter(|cursor| cursor.seq < ring.head());
        Welcome {
            hello: Some(ServerMessage::Hello(Hello {
                epoch: self.epoch.clone(),
                head: ring.head(),
                oldest,
                resumed: cursor.is_some(),
            })),
            backlog: backlog.map(|cursor| Backlog::new(interest.clone(), place, cursor.seq, ring)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Delivery> {
        self.delivery.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Delivery {
    fn deliver(&mut self, mirror: &RwLock<Canvas>, published: Arc<Published>, now: Instant, wakes: &mut Vec<Waker>) {
        let about = {
            let canvas = &mut *mirror.write().unwrap_or_else(PoisonError::into_inner);
            canvas.advance_seq(published.seq);
            about::fold(canvas, &published.event, &mut Changes::default()).map(Arc::new)
        };
        let _ = published.delivered_at.set(now);
        let (woken, late, allowance) = (wakes.len(), self.late.len(), self.pace.allowance(now));
        let rest = self.pace.rest();
        self.subscribers.hear(&published.event, about.as_deref(), |queue| {
            let rest = if wakes.len() - woken < allowance { Duration::ZERO } else { rest };
            match queue.push(&published, now, rest) {
                Pushed::Quiet => {}
                Pushed::Wake(sleeper) => wakes.push(sleeper),
                Pushed::Later => self.late.push(queue.clone()),
            }
        });
        let (woken, late) = (wakes.len() - woken, self.late.len() - late);
        if woken + late > 0 {
            self.pace.woke(woken, late, now);
        }
        if let Some(about) = &about {
            self.subscribers.end_removed(&published.event, about);
        }
        self.ring.push(Delivered { published, about });
    }
}

#[cfg(test)]
mod tests;
