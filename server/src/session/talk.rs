//! The two directions of one socket and its timer, polled together: what the client says is answered here, what it is
//! told is handed in. Never where events come from.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use orrery_protocol::message::{Heartbeat, ServerMessage, Subscribed};
use tokio::time::{Instant, Sleep, sleep_until};

use super::manner::{Manner, Reply};
use super::rhythm::{Due, Rhythm};
use crate::clock;
use crate::hub::{Closing, Hub, Selection, Subscription};
use crate::metrics::Side;
use crate::publish::Published;
use crate::websocket::socket::Broken;
use crate::websocket::{Incoming, OutFrame, Socket};

pub struct Talk {
    socket: Socket,
    subscription: Subscription,
    manner: Manner,
    rhythm: Rhythm,
    timer: Pin<Box<Sleep>>,
}

#[derive(Debug)]
pub enum Turn {
    /// Something waits in the queue.
    Waiting,
    /// Nothing is left to write.
    Sent,
    /// The client wants to hear something else from now on.
    Selected(Selection),
}

/// Why it is over.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// We close, and say why.
    Close(Closing),
    /// The client closes, and is answered.
    Answer(Option<u16>),
    /// There is nobody to say anything to.
    Gone,
}

impl End {
    /// Who ended it, by which code: 1006 where nobody could say one.
    pub fn said(&self) -> (Side, u16) {
        match self {
            Self::Close(closing) => (Side::Server, closing.code),
            Self::Answer(code) => (Side::Client, code.unwrap_or(1005)),
            Self::Gone => (Side::Client, 1006),
        }
    }
}

impl Talk {
    pub fn new(socket: Socket, subscription: Subscription, manner: Manner) -> Self {
        let rhythm = Rhythm::new(std::time::Instant::now(), manner.heartbeat);
        let timer = Box::pin(sleep_until(rhythm.next().into()));
        Self { socket, subscription, manner, rhythm, timer }
    }

    pub fn hub(&self) -> &Hub {
        self.subscription.hub()
    }

    pub fn has_unsent(&self) -> bool {
        self.socket.has_unsent()
    }

    pub fn take(&self, bytes: usize, into: &mut Vec<Arc<Published>>) -> Option<Closing> {
        self.subscription.queue.take(bytes, into)
    }

    /// Why it is to be closed from our side.
    pub fn closing(&self) -> Option<Closing> {
        self.subscription.queue.closing()
    }

    /// Is it over, whatever there is still to tell?
    pub fn is_cut(&self) -> Option<Closing> {
        self.subscription.queue.is_cut()
    }

    pub fn tell(&mut self, events: &[Arc<Published>]) {
        self.manner.send(events, &mut self.socket);
        self.rhythm.told(std::time::Instant::now());
    }

    pub fn say(&mut self, message: &ServerMessage) {
        let text = serde_json::to_string(message).expect("a message is JSON");
        self.socket.send(OutFrame::text(&text));
    }

    /// Gives the place in the hub back.
    pub fn into_socket(self) -> Socket {
        self.socket
    }

    /// Until everything is written.
    pub async fn flushing(&mut self) -> Result<Turn, End> {
        poll_fn(|context| self.poll(context, false)).await
    }

    /// Until everything is written and something waits in the queue.
    pub async fn turn(&mut self) -> Result<Turn, End> {
        poll_fn(|context| self.poll(context, true)).await
    }

    fn poll(&mut self, context: &mut Context<'_>, is_live: bool) -> Poll<Result<Turn, End>> {
        loop {
            if self.socket.has_unsent() {
                match self.socket.poll_write(context) {
                    Poll::Ready(Ok(_)) => {
                        self.rhythm.moves();
                        continue;
                    }
                    Poll::Ready(Err(_)) => return Poll::Ready(Err(End::Gone)),
                    // It takes nothing, so it is not told why either.
                    Poll::Pending if self.subscription.queue.poll_cut(context).is_ready() => {
                        return Poll::Ready(Err(End::Gone));
                    }
                    Poll::Pending if self.rhythm.is_stuck(std::time::Instant::now()) => self.rearm(),
                    Poll::Pending => {}
                }
            } else {
                // A client that does not read is not listened to: its answers would pile up.
                let mut said = Vec::new();
                if let Poll::Ready(read) = self.socket.poll_read(context, &mut said) {
                    match self.hear(said, read, is_live) {
                        Ok(None) => continue,
                        Ok(Some(turn)) => return Poll::Ready(Ok(turn)),
                        Err(end) => return Poll::Ready(Err(end)),
                    }
                }
                if !is_live {
                    return Poll::Ready(Ok(Turn::Sent));
                }
                if self.subscription.queue.poll_waiting(context).is_ready() {
                    return Poll::Ready(Ok(Turn::Waiting));
                }
            }
            if self.timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.in_time()?;
        }
    }

    fn hear(&mut self, said: Vec<Incoming>, read: Result<(), Broken>, is_live: bool) -> Result<Option<Turn>, End> {
        self.rhythm.heard(std::time::Instant::now());
        let mut selected = None;
        for incoming in said {
            match incoming {
                Incoming::Ping(payload) => self.socket.send(OutFrame::pong(&payload)),
                Incoming::Pong => {}
                Incoming::Close(code) => return Err(End::Answer(code)),
                Incoming::Text(text) => match self.manner.reply(&text) {
                    Reply::Nothing => {}
                    Reply::Say(message) => self.say(&message),
                    Reply::Select(selection) => {
                        self.subscription.select(selection.clone());
                        if is_live {
                            self.drain();
                        }
                        self.say(&ServerMessage::Subscribed(Subscribed { channels: selection.channels.clone() }));
                        selected = Some(Turn::Selected(selection));
                    }
                },
            }
        }
        match read {
            Ok(()) => Ok(selected),
            Err(Broken::Violation(violation)) => {
                let reason = violation.to_string().into();
                Err(End::Close(Closing { code: violation.code(), reason }))
            }
            Err(Broken::Gone | Broken::Io(_)) => Err(End::Gone),
        }
    }

    /// What the old selection had brought comes before the answer to the new one.
    fn drain(&mut self) {
        let mut events = Vec::new();
        self.take(usize::MAX, &mut events);
        self.tell(&events);
    }

    /// The timer rang.
    fn in_time(&mut self) -> Result<(), End> {
        match self.rhythm.due(std::time::Instant::now()) {
            Due::Nothing => {}
            Due::Ping => self.socket.send(OutFrame::ping()),
            Due::Heartbeat => self.heartbeat(),
            Due::GiveUp => return Err(End::Gone),
        }
        self.rearm();
        Ok(())
    }

    fn heartbeat(&mut self) {
        let seq = match self.manner.tells_head {
            true => match self.subscription.idle_at() {
                Some(head) => Some(head),
                // Something came just now, and says more.
                None => return,
            },
            false => None,
        };
        let timestamp = clock::now().millis() as f64 / 1000.0;
        self.say(&ServerMessage::Heartbeat(Heartbeat { timestamp, seq }));
    }

    fn rearm(&mut self) {
        self.timer.as_mut().reset(Instant::from_std(self.rhythm.next()));
    }
}

/// Says the last word, and waits until the client has heard it.
/// Says why, and nothing else.
pub async fn refuse(socket: Socket, closing: Closing) {
    finish(socket, End::Close(closing)).await;
}

pub async fn finish(mut socket: Socket, end: End) {
    match end {
        End::Gone => return,
        End::Close(Closing { code, reason }) => socket.send(OutFrame::close(code, &reason)),
        End::Answer(Some(code)) => socket.send(OutFrame::close(code, "")),
        End::Answer(None) => socket.send(OutFrame::close_without_code()),
    }
    while socket.has_unsent() {
        if poll_fn(|context| socket.poll_write(context)).await.is_err() {
            return;
        }
    }
    poll_fn(|context| socket.poll_finish(context)).await;
}
