//! A small TCP proxy that behaves like a bad network: cuts, delays, falls silent, half-closes. Never looks at what passes.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

pub struct Proxy {
    address: String,
    conditions: watch::Sender<NetworkConditions>,
    disruptions: broadcast::Sender<Disruption>,
    accepting: JoinHandle<()>,
}

/// How bytes pass, for as long as it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct NetworkConditions {
    /// Delay of each chunk.
    pub delay: Duration,
    /// Nothing passes and connections stay open, as with a pulled cable.
    pub silent: bool,
    /// New connections are closed at once.
    pub refusing: bool,
}

/// Something that happens once to all connections.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Disruption {
    Cut,
    /// Closes the sending half towards the client only.
    HalfClose,
}

impl Proxy {
    /// Starts a proxy in front of `127.0.0.1:PORT`.
    pub async fn to(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("this machine has a free port");
        let address = listener.local_addr().expect("it listens").to_string();
        let (conditions, seen) = watch::channel(NetworkConditions::default());
        let (disruptions, _) = broadcast::channel(16);
        let accepting = tokio::spawn(accept(listener, target.to_owned(), seen, disruptions.clone()));
        Self { address, conditions, disruptions, accepting }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn set(&self, conditions: NetworkConditions) {
        self.conditions.send_replace(conditions);
    }

    pub fn cut(&self) {
        self.disruptions.send(Disruption::Cut).ok();
    }

    pub fn half_close(&self) {
        self.disruptions.send(Disruption::HalfClose).ok();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

async fn accept(
    listener: TcpListener,
    target: String,
    conditions: watch::Receiver<NetworkConditions>,
    disruptions: broadcast::Sender<Disruption>,
) {
    while let Ok((client, _)) = listener.accept().await {
        if conditions.borrow().refusing {
            continue;
        }
        let (target, conditions, disruptions) = (target.clone(), conditions.clone(), disruptions.subscribe());
        tokio::spawn(async move {
            if let Ok(server) = TcpStream::connect(&target).await {
                carry(client, server, conditions, disruptions).await;
            }
        });
    }
}

async fn carry(
    client: TcpStream,
    server: TcpStream,
    conditions: watch::Receiver<NetworkConditions>,
    mut disruptions: broadcast::Receiver<Disruption>,
) {
    for stream in [&client, &server] {
        stream.set_nodelay(true).ok();
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let there = tokio::spawn(pipe(from_client, to_server, conditions.clone()));
    let back = tokio::spawn(pipe(from_server, to_client, conditions));
    let (ends_there, ends_back) = (there.abort_handle(), back.abort_handle());
    tokio::pin! {
        let both = async { tokio::join!(there, back) };
    }
    loop {
        tokio::select! {
            _ = &mut both => return,
            disruption = disruptions.recv() => match disruption {
                // Its half of the connection to the client is dropped, which says so to the client alone.
                Ok(Disruption::HalfClose) => ends_back.abort(),
                _ => {
                    ends_there.abort();
                    ends_back.abort();
                    return;
                }
            },
        }
    }
}

async fn pipe(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut conditions: watch::Receiver<NetworkConditions>,
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let length = match from.read(&mut buffer).await {
            Ok(length @ 1..) => length,
            _ => return,
        };
        if conditions.wait_for(|conditions| !conditions.silent).await.is_err() {
            return;
        }
        let delay = conditions.borrow().delay;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
