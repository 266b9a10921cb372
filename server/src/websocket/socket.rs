//! One agreed connection: frames wait here, go out several at once, and what the client says comes in. Never decides
//! what to send or when to give up.
//!
//! Polled by hand: a future for each of reading and writing would cost more memory than the socket itself.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::{Incoming, OutFrame, Reader, Violation};

/// How many pieces one system call takes.
const PIECES: usize = 64;
/// Room kept for the next burst; a longer queue gives its memory back.
const KEPT_CAPACITY: usize = 64;

#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    reader: Reader,
    /// Came with the handshake, before the first frame was asked for.
    unread: Bytes,
    outgoing: VecDeque<Bytes>,
}

#[derive(Debug, thiserror::Error)]
pub enum Broken {
    #[error("the client went away")]
    Gone,
    #[error("the connection broke: {0}")]
    Io(#[from] io::Error),
    #[error("the client broke the protocol: {0}")]
    Violation(#[from] Violation),
}

impl Socket {
    pub fn new(stream: TcpStream, unread: Bytes) -> Self {
        // A slice of nothing may still hold the whole buffer of the HTTP connection.
        let unread = if unread.is_empty() { Bytes::new() } else { unread };
        Self { stream, reader: Reader::default(), unread, outgoing: VecDeque::new() }
    }

    /// Puts a frame behind those that wait. Goes out with `poll_write`.
    pub fn send(&mut self, frame: OutFrame) {
        self.outgoing.push_back(frame.into_bytes());
    }

    /// Puts one text frame behind those that wait, whose payload is these pieces joined.
    pub fn send_joined(&mut self, payload: &[Bytes]) {
        self.outgoing.push_back(OutFrame::text_header(payload.iter().map(Bytes::len).sum()));
        self.outgoing.extend(payload.iter().filter(|piece| !piece.is_empty()).cloned());
    }

    pub fn has_unsent(&self) -> bool {
        !self.outgoing.is_empty()
    }

    /// `Ready` with how many bytes went, as soon as some did.
    pub fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut slices = [IoSlice::new(&[]); PIECES];
        for (slice, piece) in slices.iter_mut().zip(&self.outgoing) {
            *slice = IoSlice::new(piece);
        }
        let count = self.outgoing.len().min(PIECES);
        let written = ready!(Pin::new(&mut self.stream).poll_write_vectored(context, &slices[..count]))?;
        self.advance(written);
        Poll::Ready(Ok(written))
    }

    /// Appends what the client said. `Ready` once something came, or nothing more will.
    pub fn poll_read(&mut self, context: &mut Context<'_>, into: &mut Vec<Incoming>) -> Poll<Result<(), Broken>> {
        if !self.unread.is_empty() {
            let unread = std::mem::take(&mut self.unread);
            return Poll::Ready(Ok(self.reader.read(&unread, into)?));
        }
        let mut memory = [MaybeUninit::<u8>::uninit(); 4096];
        let mut buffer = ReadBuf::uninit(&mut memory);
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer)).map_err(Broken::Io)?;
        match buffer.filled() {
            [] => Poll::Ready(Err(Broken::Gone)),
            bytes => Poll::Ready(Ok(self.reader.read(bytes, into)?)),
        }
    }

    /// Ends our half, then waits until the client has ended its own: closing earlier would make the system throw away
    /// what the client has not read yet.
    pub fn poll_finish(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if ready!(Pin::new(&mut self.stream).poll_shutdown(context)).is_err() {
            return Poll::Ready(());
        }
        let mut memory = [MaybeUninit::<u8>::uninit(); 4096];
        loop {
            let mut buffer = ReadBuf::uninit(&mut memory);
            match ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {}
                _ => return Poll::Ready(()),
            }
        }
    }

    fn advance(&mut self, mut written: usize) {
        while let Some(piece) = self.outgoing.front_mut() {
            if written < piece.len() {
                piece.advance(written);
                break;
            }
            written -= piece.len();
            self.outgoing.pop_front();
        }
        if self.outgoing.is_empty() && self.outgoing.capacity() > KEPT_CAPACITY {
            self.outgoing = VecDeque::new();
        }
    }
}

#[cfg(test)]
mod tests;
