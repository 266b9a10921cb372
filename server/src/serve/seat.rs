//! A connection together with its seat among the limited number, through an upgrade and until it ends. Never a protocol.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

/// Given back when it is dropped.
#[derive(Debug)]
pub struct Seat(#[allow(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

#[derive(Debug)]
pub struct Seated {
    stream: TcpStream,
    seat: Seat,
}

impl Seated {
    pub fn new(stream: TcpStream, seat: OwnedSemaphorePermit) -> Self {
        Self { stream, seat: Seat(seat) }
    }

    /// The bare connection once HTTP has let go of it, and what it had read too much. Nothing of HTTP's memory is kept.
    pub async fn take_back(upgrade: OnUpgrade) -> Option<(TcpStream, Seat, Bytes)> {
        let parts = upgrade.await.ok()?.downcast::<TokioIo<Self>>().ok()?;
        let Self { stream, seat } = parts.io.into_inner();
        Some((stream, seat, parts.read_buf))
    }
}

impl AsyncRead for Seated {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, to)
    }
}

impl AsyncWrite for Seated {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, from)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        from: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, from)
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
