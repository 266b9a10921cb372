//! A small TCP proxy that behaves like a bad network: cuts, delays, falls silent, half-closes. Never looks at what passes.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

pub struct Proxy {
    address: String,
    weather: watch::Sender<Weather>,
    blows: broadcast::Sender<Blow>,
    accepting: JoinHandle<()>,
}

/// How bytes pass, for as long as it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Weather {
    /// Every piece waits so long.
    pub delay: Duration,
    /// Nothing passes, and nobody is told: a cable was pulled.
    pub silent: bool,
    /// New connections end at once.
    pub refusing: bool,
}

/// What happens once, to every connection there is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Blow {
    Cut,
    /// The client is told that no more will come; the server is told nothing.
    HalfClose,
}

impl Proxy {
    /// To `127.0.0.1:PORT`.
    pub async fn to(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("this machine has a free port");
        let address = listener.local_addr().expect("it listens").to_string();
        let (weather, seen) = watch::channel(Weather::default());
        let (blows, _) = broadcast::channel(16);
        let accepting = tokio::spawn(accept(listener, target.to_owned(), seen, blows.clone()));
        Self { address, weather, blows, accepting }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    pub fn cut(&self) {
        self.blows.send(Blow::Cut).ok();
    }

    pub fn half_close(&self) {
        self.blows.send(Blow::HalfClose).ok();
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
    weather: watch::Receiver<Weather>,
    blows: broadcast::Sender<Blow>,
) {
    while let Ok((client, _)) = listener.accept().await {
        if weather.borrow().refusing {
            continue;
        }
        let (target, weather, blows) = (target.clone(), weather.clone(), blows.subscribe());
        tokio::spawn(async move {
            if let Ok(server) = TcpStream::connect(&target).await {
                carry(client, server, weather, blows).await;
            }
        });
    }
}

async fn carry(
    client: TcpStream,
    server: TcpStream,
    weather: watch::Receiver<Weather>,
    mut blows: broadcast::Receiver<Blow>,
) {
    for stream in [&client, &server] {
        stream.set_nodelay(true).ok();
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let there = tokio::spawn(pipe(from_client, to_server, weather.clone()));
    let back = tokio::spawn(pipe(from_server, to_client, weather));
    let (ends_there, ends_back) = (there.abort_handle(), back.abort_handle());
    tokio::pin! {
        let both = async { tokio::join!(there, back) };
    }
    loop {
        tokio::select! {
            _ = &mut both => return,
            blow = blows.recv() => match blow {
                // Its half of the connection to the client is dropped, which says so to the client alone.
                Ok(Blow::HalfClose) => ends_back.abort(),
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
    mut weather: watch::Receiver<Weather>,
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let length = match from.read(&mut buffer).await {
            Ok(length @ 1..) => length,
            _ => return,
        };
        if weather.wait_for(|weather| !weather.silent).await.is_err() {
            return;
        }
        let delay = weather.borrow().delay;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
