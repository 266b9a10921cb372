//! Accepts connections and speaks HTTP on them until they end, are upgraded, or the server stops. Never a route.
//!
//! Not `axum::serve`: it leaves a request head that never ends open for ever, and counts nothing.

mod seat;
mod deadline;
mod descriptors;
mod forwarded;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::middleware::from_fn_with_state;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

pub use forwarded::{ClientAddress, Network, Proxies};
pub use seat::{Seat, Seated};

use crate::config::Config;
use crate::hub::Hub;
use crate::limits::{Addresses, Limits};
use crate::metrics::Metrics;

/// The largest head of a request: more than any real one needs.
pub const HEAD_BYTES: usize = 64 * 1024;
/// Room for one that is larger, so that it is refused in words.
const BUFFER_BYTES: usize = 2 * HEAD_BYTES;

const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 5\r\n\
connection: close\r\ncontent-length: 49\r\n\r\n{\"error\":\"the server has all the clients it can\"}";

const CROWDED: &[u8] = b"HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\nretry-after: 1\r\n\
connection: close\r\ncontent-length: 54\r\n\r\n{\"error\":\"this address has or opens too many clients\"}";

/// What the system may keep for a client that does not read: unasked it takes megabytes for each.
const SEND_BYTES: u32 = 128 * 1024;
/// How many may wait to be accepted.
const BACKLOG: u32 = 4096;

pub fn listen(on: SocketAddr) -> io::Result<TcpListener> {
    let socket = if on.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that comes again need not wait for the connections of the one before.
    socket.set_reuseaddr(true)?;
    // Those that are accepted inherit it.
    socket.set_send_buffer_size(SEND_BYTES)?;
    socket.bind(on)?;
    socket.listen(BACKLOG)
}

/// Runs until `stopping` turns true and every connection has ended, or the farewell is over.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    hub: Arc<Hub>,
    metrics: Arc<Metrics>,
    config: Config,
    mut stopping: watch::Receiver<bool>,
) {
    let limits = config.limits.clone();
    descriptors::allow_many();
    let router = router.layer(from_fn_with_state(limits.request, deadline::keep));
    let addresses = Addresses::new(&limits);
    let proxies = Arc::new(Proxies::new(&config, addresses.clone()));
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
            Ok((stream, from)) => {
                // Whether it still reads these words is its own business.
                // A proxy's connections are many clients', which are counted when they open a socket.
                let of_address = match proxies.is_trusted(from.ip()) {
                    true => Ok(None),
                    false => addresses.seat(from.ip(), Instant::now()),
                };
                let Ok(of_address) = of_address else {
                    metrics.connections_refused.add(1);
                    drop(stream.try_write(CROWDED));
                    continue;
                };
                let Ok(of_all) = seats.clone().try_acquire_owned() else {
                    metrics.connections_refused.add(1);
                    drop(stream.try_write(FULL));
                    continue;
                };
                let seat = Seat::new(of_all, of_address, metrics.clone());
                let front = Front { router: router.clone(), proxies: proxies.clone(), peer: from.ip() };
                talking.spawn(talk(stream, seat, front, limits.clone(), stopping.clone()));
            }
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

/// What answers the requests of one connection.
struct Front {
    router: Router,
    proxies: Arc<Proxies>,
    peer: IpAddr,
}

/// One connection, request after request.
async fn talk(stream: TcpStream, seat: Seat, front: Front, limits: Limits, mut stopping: watch::Receiver<bool>) {
    // Events are small and must not wait for more.
    let _ = stream.set_nodelay(true);
    let forwarded = seat.forwarded();
    let io = TokioIo::new(Seated::new(stream, seat, &limits));
    let Front { router, proxies, peer } = front;
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(axum::body::Body::new);
        let answer = match proxies.apply(&mut request, peer, &forwarded) {
            Some(response) => Err(response),
            None => Ok(router.call(request)),
        };
        async move {
            match answer {
                Ok(answer) => answer.await,
                Err(response) => Ok(response),
            }
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.rest).max_buf_size(BUFFER_BYTES);
    let connection = http.serve_connection(io, service).with_upgrades();
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
        for words in [super::FULL, super::CROWDED] {
            let (head, body) = std::str::from_utf8(words).unwrap().split_once("\r\n\r\n").unwrap();
            assert!(head.ends_with(&format!("content-length: {}", body.len())), "{}", body.len());
        }
    }
}
