//! Obeys the link with a real socket, real requests and a real clock, and puts what arrives into the inbox.
//! Never decides what to do (`socket::link`), never folds.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::{TimeoutHandle, set_timeout_with_handle};
use orrery_protocol::message::{Hello, ServerMessage};
use orrery_protocol::{Cursor, DecodeError, Frame, Logged, Timestamp};
use wasm_bindgen_futures::spawn_local;

use crate::api::{Api, ApiError, FirstState};
use crate::clock::now;
use crate::inbox::{Arrival, Full, Inbox, Room};
use crate::pulse::Pulse;
use crate::socket::{Connection, Heard, Link, LoadFailure, Order, Signal, StopReason, Transport, Verdict};

/// Given to the page by context: the person does not want to wait for the next try.
#[derive(Clone, Copy)]
pub struct TryNow(pub leptos::prelude::Callback<()>);

/// Given to the page by context; none until the server's address is known.
pub type Line = leptos::prelude::StoredValue<Option<Uplink>, leptos::prelude::LocalStorage>;

#[derive(Clone)]
pub struct Uplink {
    inner: Rc<RefCell<Inner>>,
    inbox: Rc<RefCell<Inbox>>,
    pulse: Pulse,
    api: Api,
}

struct Inner {
    link: Link,
    transport: Option<Transport>,
    alarm: Option<TimeoutHandle>,
    /// Counts the sockets: what an earlier one says is not listened to.
    attempt: u64,
    /// Counts the requests for a first state, of which only the last one is listened to.
    loads: u64,
    /// A saved state is shown.
    is_over: bool,
}

impl Uplink {
    pub fn start(api: Api, inbox: Rc<RefCell<Inbox>>, pulse: Pulse) -> Self {
        let inner =
            Inner { link: Link::new(now()), transport: None, alarm: None, attempt: 0, loads: 0, is_over: false };
        let uplink = Self { inner: Rc::new(RefCell::new(inner)), inbox, pulse, api };
        uplink.hear(if uplink.api.has_early_snapshot() { Heard::AskedEarly } else { Heard::Woke });
        uplink
    }

    /// The person wants a try now.
    pub fn try_now(&self) {
        if self.inner.borrow().is_over {
            // Back from a saved state to what is live: the page begins anew.
            return drop(leptos::prelude::window().location().reload());
        }
        self.hear(Heard::TryNow);
    }

    /// From now on this is shown, and the server is listened to no more.
    pub fn show(&self, state: FirstState, saved_at: Timestamp) {
        self.obey(Order::Drop);
        let alarm = {
            let mut inner = self.inner.borrow_mut();
            inner.is_over = true;
            inner.alarm.take()
        };
        alarm.into_iter().for_each(|alarm| alarm.clear());
        let mut inbox = self.inbox.borrow_mut();
        inbox.put_state(state);
        inbox.stand(Connection::Stopped { reason: StopReason::Saved }, saved_at);
        self.pulse.ask();
    }

    /// The network is back, or the tab is looked at.
    pub fn back_again(&self) {
        self.hear(Heard::BackAgain);
    }

    /// The state and the log do not fit together.
    pub fn lost_track(&self) {
        self.hear(Heard::LostTrack);
    }

    fn hear(&self, heard: Heard) {
        if self.inner.borrow().is_over {
            return;
        }
        let orders = self.inner.borrow_mut().link.hear(heard, now(), js_sys::Math::random());
        for order in orders {
            self.obey(order);
        }
        self.stand();
        self.set_alarm();
    }

    fn obey(&self, order: Order) {
        match order {
            Order::Open(cursor) => self.open(cursor),
            Order::Drop => {
                let dropped = {
                    let mut inner = self.inner.borrow_mut();
                    inner.attempt += 1;
                    inner.transport.take()
                };
                drop(dropped);
                self.inbox.borrow_mut().let_go();
            }
            Order::LoadSnapshot => {
                self.inbox.borrow_mut().hold(false);
                self.load(true);
            }
            Order::LoadRows => {
                // Events that came since the request began are folded again over its answer.
                self.inbox.borrow_mut().hold(true);
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
        let uplink = self.clone();
        let told = move |signal| {
            if uplink.inner.borrow().attempt == attempt {
                uplink.told(signal);
            }
        };
        let transport = Transport::open(&self.api.address().events(cursor.as_ref()), told);
        if transport.is_none() {
            self.hear(Heard::Closed { code: 1006, reason: String::new() });
        }
        self.inner.borrow_mut().transport = transport;
    }

    fn told(&self, signal: Signal) {
        match signal {
            Signal::Opened => self.hear(Heard::Opened),
            Signal::Closed { code, reason } => self.hear(Heard::Closed { code, reason }),
            Signal::Binary => self.malformed(unreadable("a binary frame, where only text is spoken")),
            Signal::Text(text) => match Frame::read(&text) {
                Ok(Frame::Event(logged)) => self.event(*logged, now()),
                Ok(Frame::Batch(parts)) => self.batch(parts),
                Ok(Frame::Message(message)) => self.message(message),
                Err(error) => self.malformed(error),
            },
        }
    }

    /// A gap lets go of the socket, and so of the rest of the batch.
    fn batch(&self, parts: Vec<Result<Logged, DecodeError>>) {
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
                self.hear(Heard::Hello { epoch, head, resumed })
            }
            ServerMessage::Heartbeat(beat) => self.hear(Heard::Beat(beat.seq)),
            ServerMessage::Error(message) => self.malformed(unreadable(&format!("the server says: {}", message.error))),
            ServerMessage::Subscribed(_) => self.inner.borrow_mut().link.touched(now()),
        }
    }

    fn event(&self, logged: Logged, now: Timestamp) {
        self.arrive(logged.seq, Arrival::Event(logged), now);
    }

    /// Counted, shown in the feed, and its place in the log is passed: the canvas goes on.
    fn malformed(&self, error: DecodeError) {
        self.arrive(error.seq, Arrival::Malformed(error), now());
    }

    fn arrive(&self, seq: Option<u64>, arrival: Arrival, now: Timestamp) {
        if self.inner.borrow().link.awaits_hello() {
            self.hear(Heard::NoHello);
        }
        let (verdict, is_news) = {
            let link = &mut self.inner.borrow_mut().link;
            let was_live = link.is_live();
            (link.judge(seq, now), was_live != link.is_live())
        };
        if is_news {
            self.stand();
        }
        match verdict {
            Verdict::Ignore => {}
            Verdict::Gap => self.hear(Heard::Gap),
            Verdict::Take => match self.put(arrival) {
                Ok(Room::Enough) => self.pulse.ask(),
                Ok(Room::Little) => self.pulse.at_once(),
                Err(Full) => spawn_local({
                    let uplink = self.clone();
                    async move { uplink.lost_track() }
                }),
            },
        }
    }

    /// The inbox is let go of: whoever empties it may follow at once.
    fn put(&self, arrival: Arrival) -> Result<Room, Full> {
        self.inbox.borrow_mut().push(arrival)
    }

    fn load(&self, snapshot: bool) {
        let uplink = self.clone();
        let this = {
            let mut inner = self.inner.borrow_mut();
            inner.loads += 1;
            (inner.attempt, inner.loads)
        };
        let is_awaited = move |uplink: &Self| {
            let inner = uplink.inner.borrow();
            (inner.attempt, inner.loads) == this && inner.link.is_loading()
        };
        spawn_local(async move {
            let show = |rows| {
                if is_awaited(&uplink) {
                    uplink.inbox.borrow_mut().put_part(rows);
                    uplink.pulse.ask();
                }
            };
            let answer = if snapshot { uplink.api.snapshot(show).await } else { uplink.api.rows().await };
            if is_awaited(&uplink) {
                uplink.loaded(answer);
            }
        });
    }

    fn loaded(&self, answer: Result<FirstState, ApiError>) {
        match answer {
            Ok(state) => {
                let heard = state.cursor.clone().map_or(Heard::Rows, Heard::Snapshot);
                self.inbox.borrow_mut().put_state(state);
                self.hear(heard);
            }
            Err(error) => {
                let failure = match &error {
                    ApiError::Refused { status: 404, .. } => LoadFailure::NotFound,
                    ApiError::Refused { status: 401 | 403, .. } => LoadFailure::Unauthorized,
                    _ => LoadFailure::Unreachable,
                };
                if failure == LoadFailure::Unreachable {
                    let arrival = Arrival::Malformed(unreadable(&error.to_string()));
                    // A full inbox has more to say than this.
                    let _ = self.inbox.borrow_mut().push(arrival);
                }
                self.hear(Heard::LoadFailed(failure));
            }
        }
    }

    fn stand(&self) {
        let link = &self.inner.borrow().link;
        self.inbox.borrow_mut().stand(link.connection(now()), link.heard_at());
        self.pulse.ask();
    }

    fn set_alarm(&self) {
        let mut inner = self.inner.borrow_mut();
        if let Some(alarm) = inner.alarm.take() {
            alarm.clear();
        }
        let Some(deadline) = inner.link.deadline() else { return };
        let millis = (deadline.millis() - now().millis()).max(0) as u64;
        let uplink = self.clone();
        // One more than asked: timers may fire a little early.
        let alarm = set_timeout_with_handle(move || uplink.hear(Heard::Woke), Duration::from_millis(millis + 1));
        inner.alarm = alarm.ok();
    }
}

fn unreadable(reason: &str) -> DecodeError {
    DecodeError { kind: "message".into(), seq: None, reason: reason.into() }
}
