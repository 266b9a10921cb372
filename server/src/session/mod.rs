//! One subscriber's socket from hello to close: what it missed, then what is live, and what it says. Never whom an event
//! concerns (`hub`), never how frames are written (`websocket`).
//!
//! A session is what ten thousand idle clients cost, so it keeps little: no buffers, one timer, one future.

mod rhythm;
mod manner;
mod talk;

use std::sync::Arc;
use std::time::Duration;

use orrery_protocol::message::CloseCode;
use tokio::time::timeout;

pub use manner::{Commands, Manner};
pub use talk::refuse;

use crate::hub::{Backlog, Closing, Missing, Subscription, Welcome};
use crate::log::Past;
use crate::metrics::{Metrics, Side};
use crate::publish::Published;
use crate::serve::Seat;
use crate::websocket::Socket;
use talk::{End, Talk, Turn};

/// What is taken from the queue at once.
const BITE: usize = 64 * 1024;
/// How long a client may take to answer a close.
const FAREWELL: Duration = Duration::from_secs(5);

/// What a session needs beside its socket.
pub struct Session {
    pub subscription: Subscription,
    pub welcome: Welcome,
    pub manner: Manner,
    pub past: Past,
    pub metrics: Arc<Metrics>,
}

impl Session {
    /// Runs until either side ends it.
    pub fn run(self, socket: Socket, seat: Seat) -> impl Future<Output = ()> + Send {
        let Self { subscription, welcome: Welcome { hello, backlog }, manner, past, metrics } = self;
        metrics.sockets_opened.add(1);
        let mut talk = Talk::new(socket, subscription, manner);
        if let Some(hello) = &hello {
            talk.say(hello);
        }
        // What is only needed at the beginning is not kept until the end.
        let missed = backlog.map(|backlog| Box::new((backlog, past)));
        async move {
            let caught_up = match missed {
                Some(missed) => Box::pin(catch_up(&mut talk, missed, &metrics)).await,
                None => Ok(()),
            };
            let end = match caught_up {
                Ok(()) => live(&mut talk, &metrics).await,
                Err(end) => end,
            };
            // Who takes nothing at all is not told so, but that is why.
            let why = match (&end, talk.closing()) {
                (End::Gone, Some(closing)) => (Side::Server, closing.code),
                _ => end.said(),
            };
            if why.1 == CloseCode::TooSlow as u16 {
                metrics.sockets_too_slow.add(1);
            }
            metrics.disconnects.add(why.0, why.1);
            // Whatever it still has to say, nobody pays for its queue while it says it.
            let socket = talk.into_socket();
            let _ = timeout(FAREWELL, Box::pin(talk::finish(socket, end))).await;
            metrics.sockets_closed.add(1);
            drop(seat);
        }
    }
}

/// Sends what happened between the client's cursor and its subscription; live events wait in its queue meanwhile.
async fn catch_up(talk: &mut Talk, missed: Box<(Backlog, Past)>, metrics: &Metrics) -> Result<(), End> {
    let (mut backlog, past) = *missed;
    while !backlog.is_done() {
        if let Some(closing) = talk.is_cut() {
            return Err(End::Close(closing));
        }
        let page = match backlog.page(talk.hub()) {
            Ok(page) => page,
            Err(Missing { after }) => read(&mut backlog, after, &past).await?,
        };
        metrics.deliveries.add(page.len() as u64);
        metrics.writes.add(1);
        talk.tell(&page);
        while talk.has_unsent() {
            if let Turn::Selected(selection) = talk.flushing().await? {
                backlog.select(selection);
            }
        }
    }
    Ok(())
}

async fn read(backlog: &mut Backlog, after: u64, past: &Past) -> Result<Vec<Arc<Published>>, End> {
    let gap = || End::Close(Closing::from(CloseCode::Gap));
    let read = past.read(after).await.map_err(|_| gap())?;
    // An empty answer is a gap too: the ring no longer has what the log should.
    if read.is_empty() {
        return Err(gap());
    }
    backlog.sift(read).ok_or_else(gap)
}

async fn live(talk: &mut Talk, metrics: &Metrics) -> End {
    let mut events = Vec::new();
    loop {
        match talk.turn().await {
            Ok(Turn::Waiting) => match talk.take(BITE, &mut events) {
                Some(closing) => return End::Close(closing),
                None => {
                    metrics.deliveries.add(events.len() as u64);
                    metrics.writes.add(1);
                    // The first has waited longest.
                    if let Some(at) = events.first().and_then(|event| event.delivered_at.get()) {
                        metrics.commit_to_send.observe(at.elapsed());
                    }
                    talk.tell(&events);
                    // The memory is given back: most sockets are idle most of the time.
                    events = Vec::new();
                }
            },
            Ok(Turn::Sent | Turn::Selected(_)) => {}
            Err(end) => return end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten thousand idle clients are ten thousand of these: what grows here grows ten thousand times.
    #[test]
    fn a_session_is_small() {
        fn size<F: Future>(_: impl FnOnce(Session, Socket, Seat) -> F) -> usize {
            size_of::<F>()
        }
        assert!(size(Session::run) <= 1024, "{} bytes", size(Session::run));
        assert!(size_of::<Subscription>() + size_of::<crate::hub::Queue>() <= 400);
    }
}
