//! What one subscriber has still to hear: a queue bounded in bytes, and the waking of its socket. Never whom an event
//! concerns, never a socket.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use orrery_protocol::Seq;
use orrery_protocol::message::CloseCode;

use crate::publish::Published;

/// Room kept for the next burst; a longer queue gives its memory back.
const KEPT_CAPACITY: usize = 64;

#[derive(Debug)]
pub struct Queue {
    limit: usize,
    state: Mutex<State>,
}

/// Why a socket is closed from our side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    pub code: u16,
    pub reason: Cow<'static, str>,
}

/// What a push asks of the one who pushed.
#[derive(Debug)]
pub enum Pushed {
    /// The socket is busy, will be woken anyway, or does not want it.
    Quiet,
    /// The socket sleeps: wake it when no lock is held.
    Wake(Waker),
    /// The socket sleeps and may be woken with others in a moment (`Queue::rouse`).
    Later,
}

#[derive(Debug)]
struct State {
    waiting: VecDeque<Arc<Published>>,
    bytes: usize,
    /// The last event taken in: one that comes again, by another channel or from another source, is dropped.
    last: Seq,
    closing: Option<Closing>,
    /// The closing does not wait until what was taken is written.
    is_cut: bool,
    /// A socket that takes nothing sleeps here: only a cut wakes it.
    stuck: Option<Waker>,
    sleeper: Option<Waker>,
    is_roused_later: bool,
    /// When it was last woken to write.
    woken: Option<Instant>,
}

impl From<CloseCode> for Closing {
    fn from(code: CloseCode) -> Self {
        Self { code: code as u16, reason: code.reason().into() }
    }
}

impl Closing {
    /// An agent whose workspace is gone: its credential is gone with it.
    pub fn workspace_removed() -> Self {
        Self { code: CloseCode::Unauthorized as u16, reason: "this workspace was removed".into() }
    }
}

impl Queue {
    /// For a subscriber that hears what comes after `head`.
    pub fn new(limit: usize, head: Seq) -> Self {
        let state = State {
            waiting: VecDeque::new(),
            bytes: 0,
            last: head,
            closing: None,
            is_cut: false,
            stuck: None,
            sleeper: None,
            is_roused_later: false,
            woken: None,
        };
        Self { limit, state: Mutex::new(state) }
    }

    /// A socket that has rested so long since it was last woken is woken at once.
    pub fn push(&self, published: &Arc<Published>, now: Instant, rest: Duration) -> Pushed {
        let mut state = self.lock();
        if published.seq <= state.last || state.closing.is_some() {
            return Pushed::Quiet;
        }
        state.last = published.seq;
        state.bytes += published.frame.len();
        if state.bytes > self.limit {
            // A gap would be a lie: nothing more is sent, and the client resumes from its cursor.
            state.waiting = VecDeque::new();
            state.bytes = 0;
            state.closing = Some(CloseCode::TooSlow.into());
        } else {
            state.waiting.push_back(published.clone());
        }
        match &state.sleeper {
            None => Pushed::Quiet,
            Some(_) if state.has_rested(now, rest) => {
                state.woken = Some(now);
                state.sleeper.take().map_or(Pushed::Quiet, Pushed::Wake)
            }
            Some(_) if state.is_roused_later => Pushed::Quiet,
            Some(_) => {
                state.is_roused_later = true;
                Pushed::Later
            }
        }
    }

    /// Wakes a socket that was left to be woken later.
    pub fn rouse(&self, now: Instant) {
        let mut state = self.lock();
        state.is_roused_later = false;
        state.woken = Some(now);
        let sleeper = state.sleeper.take();
        drop(state);
        if let Some(sleeper) = sleeper {
            sleeper.wake();
        }
    }

    /// After what already waits, the socket is closed.
    pub fn close(&self, closing: Closing) {
        self.lock().closing.get_or_insert(closing);
        self.rouse(Instant::now());
    }

    /// The socket is closed at once: what waits is no longer for it.
    pub fn cut(&self, closing: Closing) {
        let mut state = self.lock();
        (state.waiting, state.bytes) = (VecDeque::new(), 0);
        (state.closing, state.is_cut) = (Some(closing), true);
        let stuck = state.stuck.take();
        drop(state);
        stuck.into_iter().for_each(Waker::wake);
        self.rouse(Instant::now());
    }

    pub fn closing(&self) -> Option<Closing> {
        self.lock().closing.clone()
    }

    pub fn is_cut(&self) -> Option<Closing> {
        let state = self.lock();
        state.closing.clone().filter(|_| state.is_cut)
    }

    /// For a socket that takes nothing: `Ready` when it was cut; otherwise it is woken then.
    pub fn poll_cut(&self, context: &Context<'_>) -> Poll<()> {
        let mut state = self.lock();
        if state.is_cut {
            return Poll::Ready(());
        }
        state.stuck = Some(context.waker().clone());
        Poll::Pending
    }

    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    /// Is nothing waiting?
    pub fn is_drained(&self) -> bool {
        let state = self.lock();
        state.waiting.is_empty() && state.closing.is_none()
    }

    /// `Ready` when there is something to take; otherwise whoever asks is woken then.
    pub fn poll_waiting(&self, context: &Context<'_>) -> Poll<()> {
        let mut state = self.lock();
        if !state.waiting.is_empty() || state.closing.is_some() {
            return Poll::Ready(());
        }
        match &mut state.sleeper {
            Some(sleeper) => sleeper.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }

    /// Takes events of about `bytes` bytes, at least one; when there are none, tells whether it is over.
    pub fn take(&self, bytes: usize, into: &mut Vec<Arc<Published>>) -> Option<Closing> {
        let mut state = self.lock();
        if state.waiting.is_empty() {
            return state.closing.clone();
        }
        let mut taken = 0;
        while taken < bytes
            && let Some(published) = state.waiting.pop_front()
        {
            taken += published.frame.len();
            into.push(published);
        }
        state.bytes -= taken;
        if state.waiting.is_empty() && state.waiting.capacity() > KEPT_CAPACITY {
            state.waiting = VecDeque::new();
        }
        None
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds a queue")
    }
}

impl State {
    fn has_rested(&self, now: Instant, rest: Duration) -> bool {
        self.woken.is_none_or(|woken| now.saturating_duration_since(woken) >= rest)
    }
}

#[cfg(test)]
mod tests;
