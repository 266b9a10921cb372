//! A connection together with its seat among the limited number, through an upgrade and until it ends; while it speaks
//! HTTP, the head of each request comes in time. Never more of a protocol than where a head ends.
//!
//! Not hyper's `header_read_timeout` alone: it cannot tell a client that is slow from one that rests between two
//! requests, and an agent whose heartbeat comes just when its connection is closed has lost it.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Sleep, sleep};

use super::forwarded::ForwardedSeat;
use crate::limits::{AddressSeat, Limits};
use crate::metrics::Metrics;

/// Given back when it is dropped.
#[derive(Debug)]
#[allow(dead_code, reason = "held, not read")]
pub struct Seat {
    of_all: OwnedSemaphorePermit,
    of_address: Option<AddressSeat>,
    /// Set when a trusted proxy opens a socket for a client.
    forwarded: ForwardedSeat,
    metrics: Arc<Metrics>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.metrics.connections.down();
    }
}

impl Seat {
    pub fn new(of_all: OwnedSemaphorePermit, of_address: Option<AddressSeat>, metrics: Arc<Metrics>) -> Self {
        metrics.connections.up();
        Self { of_all, of_address, forwarded: ForwardedSeat::default(), metrics }
    }

    /// Returns where the permit of a proxy's client is held.
    pub(super) fn forwarded(&self) -> ForwardedSeat {
        self.forwarded.clone()
    }
}

#[derive(Debug)]
pub struct Seated {
    stream: TcpStream,
    seat: Seat,
    limit: Duration,
    hears: Hears,
    takes_within: Duration,
    /// Set while the client takes nothing of its answer.
    stuck: Option<Pin<Box<Sleep>>>,
}

#[derive(Debug)]
enum Hears {
    /// A head, until the timer rings; so many bytes of the blank line that ends it have come.
    Head { timer: Pin<Box<Sleep>>, ended: usize },
    /// A body: the request's own deadline holds.
    Body,
    /// Nothing yet since the last answer.
    Rest,
}

const END: &[u8] = b"\r\n\r\n";

impl Seated {
    /// The first head is due from now on.
    pub fn new(stream: TcpStream, seat: Seat, limits: &Limits) -> Self {
        let hears = Hears::Head { timer: Box::pin(sleep(limits.head)), ended: 0 };
        Self { stream, seat, limit: limits.head, hears, takes_within: limits.write, stuck: None }
    }

    /// The bare connection once HTTP has let go of it, and what it had read too much. Nothing of HTTP's memory is kept.
    pub async fn take_back(upgrade: OnUpgrade) -> Option<(TcpStream, Seat, Bytes)> {
        let parts = upgrade.await.ok()?.downcast::<TokioIo<Self>>().ok()?;
        let Self { stream, seat, .. } = parts.io.into_inner();
        Some((stream, seat, parts.read_buf))
    }

    /// Passes on how a write went, unless the client has taken nothing for too long.
    fn wrote(&mut self, written: Poll<io::Result<usize>>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.stuck = None;
            return written;
        }
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(sleep(self.takes_within)));
        stuck.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }

    fn heard(&mut self, bytes: &[u8]) {
        if let Hears::Rest = self.hears {
            self.hears = Hears::Head { timer: Box::pin(sleep(self.limit)), ended: 0 };
        }
        let Hears::Head { ended, .. } = &mut self.hears else { return };
        for byte in bytes {
            *ended = match *byte {
                byte if byte == END[*ended] => *ended + 1,
                b'\r' => 1,
                _ => 0,
            };
            if *ended == END.len() {
                self.hears = Hears::Body;
                return;
            }
        }
    }
}

impl AsyncRead for Seated {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if let Hears::Head { timer, .. } = &mut self.hears
            && timer.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let before = to.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, to))?;
        self.heard(&to.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Seated {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        self.hears = Hears::Rest;
        let written = Pin::new(&mut self.stream).poll_write(context, from);
        self.wrote(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        from: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.hears = Hears::Rest;
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, from);
        self.wrote(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
