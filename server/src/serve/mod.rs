//! Accepts connections and speaks HTTP on them until they end, are upgraded, or the server stops. Never a route.
//!
//! Not `axum::serve`: it leaves a request head that never ends open for ever, and counts nothing.

mod seat;
mod deadline;
mod descriptors;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

pub use seat::{Seat, Seated};

use crate::hub::Hub;

/// How much of a server strangers may hold, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once, WebSockets included; one more is told so and closed.
    pub connections: u32,
    /// A request's head must be there this long after it began, the first one after the connection did.
    pub head: Duration,
    /// A connection may rest this long between two requests: longer than agents between two heartbeats.
    pub rest: Duration,
    /// A request must be read and answered after this long.
    pub request: Duration,
    /// When the server stops, requests and sockets in hand may take this long.
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 20_000,
            head: Duration::from_secs(10),
            rest: Duration::from_secs(75),
            request: Duration::from_secs(30),
            farewell: Duration::from_secs(10),
        }
    }
}

/// Room for the head of a request: more than any real one needs.
const HEAD_BYTES: usize = 64 * 1024;

const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 5\r\n\
connection: close\r\ncontent-length: 49\r\n\r\n{\"error\":\"the server has all the clients it can\"}";

/// Runs until `stopping` turns true and every connection has ended, or the farewell is over.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    hub: Arc<Hub>,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) {
    descriptors::allow_many();
    let router = router.layer(from_fn_with_state(limits.request, deadline::keep));
    let seats = Arc::new(Semaphore::new(limits.connections as usize));
    let mut talking = JoinSet::new();
    let pulse = tokio::spawn({
        let hub = hub.clone();
        async move { hub.pulse().await }
    });
    loop {
        let accepted = tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => break,
            Some(_) = talking.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => match seats.clone().try_acquire_owned() {
                Ok(seat) => drop(talking.spawn(talk(stream, seat, router.clone(), limits.clone(), stopping.clone()))),
                // Whether it still reads these words is its own business.
                Err(_) => drop(stream.try_write(FULL)),
            },
            Err(error) => pause_after(&error).await,
        }
    }
    drop(listener);
    drop(router);
    hub.shut_down();
    let everyone = async {
        while talking.join_next().await.is_some() {}
        let _ = seats.acquire_many(limits.connections).await;
    };
    if tokio::time::timeout(limits.farewell, everyone).await.is_err() {
        let left = limits.connections as usize - seats.available_permits();
        tracing::warn!(left, "stopped before every connection had ended");
    }
    talking.shutdown().await;
    pulse.abort();
}

/// One connection, request after request.
async fn talk(
    stream: TcpStream,
    seat: OwnedSemaphorePermit,
    router: Router,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) {
    // Events are small and must not wait for more.
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(Seated::new(stream, seat, limits.head));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.rest).max_buf_size(HEAD_BYTES);
    let connection = http.serve_connection(io, TowerToHyperService::new(router)).with_upgrades();
    let mut connection = std::pin::pin!(connection);
    // How a connection ends is its client's choice: nothing to report.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.wait_for(|stop| *stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Out of file descriptors, for example: what helps is that others close theirs.
async fn pause_after(error: &io::Error) {
    let is_one_client = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    );
    if !is_one_client {
        tracing::error!(%error, "cannot accept connections");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_words_for_one_too_many_are_whole() {
        let text = std::str::from_utf8(super::FULL).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("content-length: {}", body.len())), "{}", body.len());
    }
}
