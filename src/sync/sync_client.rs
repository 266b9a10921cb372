//! Obeys the connection with a real socket, real requests and a real clock, and puts what arrives into the inbox.
//! Never decides what to do (`socket::connection`), never folds.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::{TimeoutHandle, set_timeout_with_handle};
use orrery_protocol::message::{Hello, ServerMessage};
use orrery_protocol::{Cursor, DecodeError, EventEnvelope, Frame, Timestamp};
use wasm_bindgen_futures::spawn_local;

use super::transport::{SocketEvent, Transport};
use crate::api::Api;
use crate::browser::FrameScheduler;
use crate::browser::clock::now;
use orrery_client::InitialState;
use orrery_client::{
    Arrival, Backpressure, BufferFull, Connection, ConnectionStatus, Effect, EventBuffer, Input, SequenceCheck,
    StopReason,
};

/// Given to the page by context: the person does not want to wait for the next try.
#[derive(Clone, Copy)]
pub struct RetryNow(pub leptos::prelude::Callback<()>);

/// Given to the page by context; none until the server's address is known.
pub type SharedSyncClient = leptos::prelude::StoredValue<Option<SyncClient>, leptos::prelude::LocalStorage>;

#[derive(Clone)]
pub struct SyncClient {
    pub(super) inner: Rc<RefCell<Inner>>,
    pub(super) buffer: Rc<RefCell<EventBuffer>>,
    pub(super) scheduler: FrameScheduler,
    pub(super) api: Api,
}

pub(super) struct Inner {
    pub(super) connection: Connection,
    transport: Option<Transport>,
    alarm: Option<TimeoutHandle>,
    /// Counts the sockets: what an earlier one says is not listened to.
    pub(super) attempt: u64,
    /// Counts the requests for a first state, of which only the last one is listened to.
    pub(super) loads: u64,
    /// A saved state is shown.
    is_over: bool,
}

impl SyncClient {
    pub fn start(api: Api, buffer: Rc<RefCell<EventBuffer>>, scheduler: FrameScheduler) -> Self {
        let inner = Inner {
            connection: Connection::new(now()),
            transport: None,
            alarm: None,
            attempt: 0,
            loads: 0,
            is_over: false,
        };
        let sync_client = Self { inner: Rc::new(RefCell::new(inner)), buffer, scheduler, api };
        sync_client.handle(if sync_client.api.has_early_snapshot() {
            Input::EarlySnapshotRequested
        } else {
            Input::TimerFired
        });
        sync_client
    }

    /// The person wants a try now.
    pub fn try_now(&self) {
        if self.inner.borrow().is_over {
            // Back from a saved state to what is live: the page begins anew.
            return drop(leptos::prelude::window().location().reload());
        }
        self.handle(Input::RetryRequested);
    }

    /// From now on this is shown, and the server is listened to no more.
    pub fn show(&self, state: InitialState, saved_at: Timestamp) {
        self.run_effect(Effect::CloseSocket);
        let alarm = {
            let mut inner = self.inner.borrow_mut();
            inner.is_over = true;
            inner.alarm.take()
        };
        alarm.into_iter().for_each(|alarm| alarm.clear());
        let mut buffer = self.buffer.borrow_mut();
        buffer.put_state(state);
        buffer.set_connection(ConnectionStatus::Stopped { reason: StopReason::Saved }, saved_at);
        self.scheduler.ask();
    }

    /// The network is back, or the tab is looked at.
    pub fn back_again(&self) {
        self.handle(Input::NetworkRestored);
    }

    /// The state and the log do not fit together.
    pub fn needs_resync(&self) {
        self.handle(Input::StateMismatch);
    }

    pub(super) fn handle(&self, input: Input) {
        if self.inner.borrow().is_over {
            return;
        }
        let effects = self.inner.borrow_mut().connection.handle(input, now(), js_sys::Math::random());
        for effect in effects {
            self.run_effect(effect);
        }
        self.stand();
        self.set_alarm();
    }

    fn run_effect(&self, effect: Effect) {
        match effect {
            Effect::OpenSocket(cursor) => self.open(cursor),
            Effect::CloseSocket => {
                let dropped = {
                    let mut inner = self.inner.borrow_mut();
                    inner.attempt += 1;
                    inner.transport.take()
                };
                drop(dropped);
                self.buffer.borrow_mut().discard_held();
            }
            Effect::LoadSnapshot => {
                self.buffer.borrow_mut().hold(false);
                self.load(true);
            }
            Effect::LoadRows => {
                // Events that came since the request began are folded again over its answer.
                self.buffer.borrow_mut().hold(true);
                self.load(false);
            }
        }
    }

    fn open(&self, cursor: Option<Cursor>) {
        let attempt = {
            let mut inner = self.inner.borrow_mut();
            inner.attempt += 1;
            inner.attempt
        };
        let sync_client = self.clone();
        let on_socket_event = move |event| {
            if sync_client.inner.borrow().attempt == attempt {
                sync_client.on_socket_event(event);
            }
        };
        let transport = Transport::open(&self.api.address().events(cursor.as_ref()), on_socket_event);
        if transport.is_none() {
            self.handle(Input::Closed { code: 1006, reason: String::new() });
        }
        self.inner.borrow_mut().transport = transport;
    }

    fn on_socket_event(&self, event: SocketEvent) {
        match event {
            SocketEvent::Opened => self.handle(Input::Opened),
            SocketEvent::Closed { code, reason } => self.handle(Input::Closed { code, reason }),
            SocketEvent::Binary => self.malformed(unreadable("a binary frame, where only text is spoken")),
            SocketEvent::Text(text) => match Frame::read(&text) {
                Ok(Frame::Event(logged)) => self.event(*logged, now()),
                Ok(Frame::Batch(parts)) => self.batch(parts),
                Ok(Frame::Message(message)) => self.message(message),
                Err(error) => self.malformed(error),
            },
        }
    }

    /// A gap lets go of the socket, and so of the rest of the batch.
    fn batch(&self, parts: Vec<Result<EventEnvelope, DecodeError>>) {
        let (attempt, now) = (self.inner.borrow().attempt, now());
        for part in parts {
            if self.inner.borrow().attempt != attempt {
                return;
            }
            match part {
                Ok(logged) => self.event(logged, now),
                Err(error) => self.arrive(error.seq, Arrival::Malformed(error), now),
            }
        }
    }

    fn message(&self, message: ServerMessage) {
        match message {
            ServerMessage::Hello(Hello { epoch, head, resumed, .. }) => {
                self.handle(Input::Hello { epoch, head, resumed })
            }
            ServerMessage::Heartbeat(beat) => self.handle(Input::Heartbeat(beat.seq)),
            ServerMessage::Error(message) => self.malformed(unreadable(&format!("the server says: {}", message.error))),
            ServerMessage::Subscribed(_) => self.inner.borrow_mut().connection.on_message(now()),
        }
    }

    fn event(&self, logged: EventEnvelope, now: Timestamp) {
        self.arrive(logged.seq, Arrival::Event(logged), now);
    }

    /// Counted, shown in the feed, and its place in the log is passed: the canvas goes on.
    fn malformed(&self, error: DecodeError) {
        self.arrive(error.seq, Arrival::Malformed(error), now());
    }

    fn arrive(&self, seq: Option<u64>, arrival: Arrival, now: Timestamp) {
        if self.inner.borrow().connection.awaits_hello() {
            self.handle(Input::EventBeforeHello);
        }
        let (check, is_news) = {
            let connection = &mut self.inner.borrow_mut().connection;
            let was_live = connection.is_live();
            (connection.check_sequence(seq, now), was_live != connection.is_live())
        };
        if is_news {
            self.stand();
        }
        match check {
            SequenceCheck::Duplicate => {}
            SequenceCheck::Gap => self.handle(Input::GapDetected),
            SequenceCheck::Next => match self.put(arrival) {
                Ok(Backpressure::None) => self.scheduler.ask(),
                Ok(Backpressure::FlushNow) => self.scheduler.at_once(),
                Err(BufferFull) => spawn_local({
                    let sync_client = self.clone();
                    async move { sync_client.needs_resync() }
                }),
            },
        }
    }

    /// The inbox is let go of: whoever empties it may follow at once.
    fn put(&self, arrival: Arrival) -> Result<Backpressure, BufferFull> {
        self.buffer.borrow_mut().push(arrival)
    }

    fn stand(&self) {
        let connection = &self.inner.borrow().connection;
        self.buffer.borrow_mut().set_connection(connection.connection(now()), connection.last_message_at());
        self.scheduler.ask();
    }

    fn set_alarm(&self) {
        let mut inner = self.inner.borrow_mut();
        if let Some(alarm) = inner.alarm.take() {
            alarm.clear();
        }
        let Some(deadline) = inner.connection.deadline() else { return };
        let millis = (deadline.millis() - now().millis()).max(0) as u64;
        let sync_client = self.clone();
        // One more than asked: timers may fire a little early.
        let alarm =
            set_timeout_with_handle(move || sync_client.handle(Input::TimerFired), Duration::from_millis(millis + 1));
        inner.alarm = alarm.ok();
    }
}

pub(super) fn unreadable(reason: &str) -> DecodeError {
    DecodeError { kind: "message".into(), seq: None, reason: reason.into() }
}
