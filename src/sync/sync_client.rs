//! The sync client: runs the effects of `orrery_client::Connection` with a real socket, real requests and a real clock, and
//! puts what arrives into the event buffer.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::{TimeoutHandle, set_timeout_with_handle};
use orrery_client::{
    Arrival, Backpressure, BufferFull, Connection, ConnectionStatus, Effect, EventBuffer, InitialState, Input,
    SequenceCheck, StopReason,
};
use orrery_protocol::message::{Hello, ServerMessage};
use orrery_protocol::{Cursor, DecodeError, EventEnvelope, Frame, Timestamp};
use wasm_bindgen_futures::spawn_local;

use super::load::InitialStateSource;
use super::transport::{SocketEvent, Transport};
use crate::api::Api;
use crate::browser::FrameScheduler;
use crate::browser::clock::now;

/// Cheap to clone: the clones share the connection.
#[derive(Clone)]
pub(super) struct SyncClient {
    pub(super) inner: Rc<RefCell<Inner>>,
    pub(super) buffer: Rc<RefCell<EventBuffer>>,
    pub(super) scheduler: FrameScheduler,
    pub(super) api: Api,
}

pub(super) struct Inner {
    pub(super) connection: Connection,
    transport: Option<Transport>,
    /// Fires at the deadline of the connection.
    timer: Option<TimeoutHandle>,
    /// Counts the sockets, so that events of an earlier one are ignored.
    pub(super) attempt: u64,
    /// Counts the requests for an initial state, so that all but the last one are ignored.
    pub(super) loads: u64,
    /// Whether a saved state is shown, after which nothing connects any more.
    shows_saved_state: bool,
}

impl SyncClient {
    /// Connects, or waits for the snapshot that the shell has already requested.
    pub(super) fn start(api: Api, buffer: Rc<RefCell<EventBuffer>>, scheduler: FrameScheduler) -> Self {
        let inner = Inner {
            connection: Connection::new(now()),
            transport: None,
            timer: None,
            attempt: 0,
            loads: 0,
            shows_saved_state: false,
        };
        let client = Self { inner: Rc::new(RefCell::new(inner)), buffer, scheduler, api };
        let is_requested = client.api.has_early_snapshot();
        client.handle(if is_requested { Input::EarlySnapshotRequested } else { Input::TimerFired });
        client
    }

    /// Connects now. From a saved state, reloads the page.
    pub(super) fn retry_now(&self) {
        if self.inner.borrow().shows_saved_state {
            return drop(leptos::prelude::window().location().reload());
        }
        self.handle(Input::RetryRequested);
    }

    /// Shows a saved state and closes the connection for good.
    pub(super) fn show_saved_state(&self, state: InitialState, saved_at: Timestamp) {
        self.run_effect(Effect::CloseSocket);
        let timer = {
            let mut inner = self.inner.borrow_mut();
            inner.shows_saved_state = true;
            inner.timer.take()
        };
        if let Some(timer) = timer {
            timer.clear();
        }
        let mut buffer = self.buffer.borrow_mut();
        buffer.put_state(state);
        buffer.set_connection(ConnectionStatus::Stopped { reason: StopReason::Saved }, saved_at);
        self.scheduler.request_frame();
    }

    /// The network is back, or the tab has become visible: connects now if the client is waiting for its backoff.
    pub(super) fn on_network_restored(&self) {
        self.handle(Input::NetworkRestored);
    }

    /// Loads a new state.
    pub(super) fn resync(&self) {
        self.handle(Input::StateMismatch);
    }

    /// Passes an input to the connection and runs the effects.
    pub(super) fn handle(&self, input: Input) {
        if self.inner.borrow().shows_saved_state {
            return;
        }
        let effects = self.inner.borrow_mut().connection.handle(input, now(), js_sys::Math::random());
        for effect in effects {
            self.run_effect(effect);
        }
        self.publish_status();
        self.set_timer();
    }

    fn run_effect(&self, effect: Effect) {
        match effect {
            Effect::OpenSocket(cursor) => self.open_socket(cursor),
            Effect::CloseSocket => {
                let transport = {
                    let mut inner = self.inner.borrow_mut();
                    inner.attempt += 1;
                    inner.transport.take()
                };
                // Dropped after the cell is released: closing may call listeners.
                drop(transport);
                self.buffer.borrow_mut().discard_held();
            }
            Effect::LoadSnapshot => {
                self.buffer.borrow_mut().hold_and_discard();
                self.load(InitialStateSource::Snapshot);
            }
            Effect::LoadRows => {
                // Events that have come since the request began are applied to its answer once more.
                self.buffer.borrow_mut().hold();
                self.load(InitialStateSource::Rows);
            }
        }
    }

    fn open_socket(&self, cursor: Option<Cursor>) {
        let attempt = {
            let mut inner = self.inner.borrow_mut();
            inner.attempt += 1;
            inner.attempt
        };
        let client = self.clone();
        let on_socket_event = move |event| {
            if client.inner.borrow().attempt == attempt {
                client.on_socket_event(event);
            }
        };
        let transport = Transport::open(&self.api.address().socket_url(cursor.as_ref()), on_socket_event);
        if transport.is_none() {
            self.handle(Input::Closed { code: 1006, reason: String::new() });
        }
        self.inner.borrow_mut().transport = transport;
    }

    fn on_socket_event(&self, event: SocketEvent) {
        match event {
            SocketEvent::Opened => self.handle(Input::Opened),
            SocketEvent::Closed { code, reason } => self.handle(Input::Closed { code, reason }),
            SocketEvent::Binary => self.on_malformed(decode_error("a binary frame where text is expected")),
            SocketEvent::Text(text) => match Frame::read(&text) {
                Ok(Frame::Event(logged)) => self.on_event(*logged, now()),
                Ok(Frame::Batch(parts)) => self.on_batch(parts),
                Ok(Frame::Message(message)) => self.on_message(message),
                Err(error) => self.on_malformed(error),
            },
        }
    }

    /// Ends early when an event of the batch closes the socket.
    fn on_batch(&self, parts: Vec<Result<EventEnvelope, DecodeError>>) {
        let (attempt, now) = (self.inner.borrow().attempt, now());
        for part in parts {
            if self.inner.borrow().attempt != attempt {
                return;
            }
            match part {
                Ok(logged) => self.on_event(logged, now),
                Err(error) => self.push(error.seq, Arrival::Malformed(error), now),
            }
        }
    }

    fn on_message(&self, message: ServerMessage) {
        match message {
            ServerMessage::Hello(Hello { epoch, head, resumed, .. }) => {
                self.handle(Input::Hello { epoch, head, resumed })
            }
            ServerMessage::Heartbeat(heartbeat) => self.handle(Input::Heartbeat(heartbeat.seq)),
            ServerMessage::Error(message) => {
                self.on_malformed(decode_error(&format!("the server reports: {}", message.error)))
            }
            ServerMessage::Subscribed(_) => self.inner.borrow_mut().connection.on_message(now()),
        }
    }

    fn on_event(&self, logged: EventEnvelope, now: Timestamp) {
        self.push(logged.seq, Arrival::Event(logged), now);
    }

    /// A message that cannot be read takes its place in the log and is shown in the activity feed.
    fn on_malformed(&self, error: DecodeError) {
        self.push(error.seq, Arrival::Malformed(error), now());
    }

    /// Puts an arrival into the buffer if it is the next of the log.
    fn push(&self, seq: Option<u64>, arrival: Arrival, now: Timestamp) {
        if self.inner.borrow().connection.awaits_hello() {
            self.handle(Input::EventBeforeHello);
        }
        let (check, is_status_changed) = {
            let connection = &mut self.inner.borrow_mut().connection;
            let was_live = connection.is_live();
            (connection.check_sequence(seq, now), was_live != connection.is_live())
        };
        if is_status_changed {
            self.publish_status();
        }
        match check {
            SequenceCheck::Duplicate => {}
            SequenceCheck::Gap => self.handle(Input::GapDetected),
            SequenceCheck::Next => {
                // The buffer is released before the frame runs, which borrows it.
                let pushed = self.buffer.borrow_mut().push(arrival);
                match pushed {
                    Ok(Backpressure::None) => self.scheduler.request_batch_frame(),
                    Ok(Backpressure::FlushNow) => self.scheduler.run_now(),
                    Err(BufferFull) => spawn_local({
                        let client = self.clone();
                        async move { client.resync() }
                    }),
                }
            }
        }
    }

    fn publish_status(&self) {
        let connection = &self.inner.borrow().connection;
        self.buffer.borrow_mut().set_connection(connection.status(now()), connection.last_message_at());
        self.scheduler.request_frame();
    }

    fn set_timer(&self) {
        let mut inner = self.inner.borrow_mut();
        if let Some(timer) = inner.timer.take() {
            timer.clear();
        }
        let Some(deadline) = inner.connection.deadline() else { return };
        let millis = (deadline.millis() - now().millis()).max(0) as u64;
        let client = self.clone();
        // Timers may fire up to a millisecond early.
        let timer = Duration::from_millis(millis + 1);
        inner.timer = set_timeout_with_handle(move || client.handle(Input::TimerFired), timer).ok();
    }
}

/// Returns the error of a message that cannot be read and has no place in the log.
pub(super) fn decode_error(reason: &str) -> DecodeError {
    DecodeError { kind: "message".into(), seq: None, reason: reason.into() }
}
