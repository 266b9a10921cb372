//! WebSocket clients by the thousand in one thread: counts deliveries, gaps and latencies, and answers pings.

use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use memchr::memmem::Finder;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use crate::frames::{Opcode, parse_frames};
use crate::http;
use crate::latency::Latency;

/// Bytes that hold the largest frame, a batch of ten thousand events.
const BUFFER: usize = 8 * 1024 * 1024;

pub struct ClientPool {
    poll: Poll,
    clients: Vec<Client>,
    buffer: Vec<u8>,
    pub deliveries: Deliveries,
}

/// What all clients have received together.
pub struct Deliveries {
    pub count: u64,
    /// Sequence numbers that were left out.
    pub lost: u64,
    /// Sequence numbers that came twice or late.
    pub disordered: u64,
    /// Connections that the server closed.
    pub closed: u64,
    /// The highest sequence number that any client has seen.
    pub newest: u64,
    pub last_at: Instant,
    pub latency: Latency,
    check_order: bool,
    seq: Finder<'static>,
    at: Finder<'static>,
    heartbeat: Finder<'static>,
}

struct Client {
    stream: TcpStream,
    /// The beginning of a frame that has not arrived whole.
    partial: Vec<u8>,
    last_seq: u64,
    is_closed: bool,
}

impl ClientPool {
    /// Creates a pool without clients. With `check_order`, each client's sequence numbers are checked for gaps and repetitions.
    pub fn new(check_order: bool) -> Result<Self> {
        let deliveries = Deliveries {
            count: 0,
            lost: 0,
            disordered: 0,
            closed: 0,
            newest: 0,
            last_at: Instant::now(),
            latency: Latency::new()?,
            check_order,
            seq: Finder::new("\"seq\":"),
            at: Finder::new("\"at "),
            heartbeat: Finder::new("\"heartbeat\""),
        };
        Ok(Self { poll: Poll::new()?, clients: Vec::new(), buffer: vec![0; BUFFER], deliveries })
    }

    /// Connects one more client, with further header lines, each ended by `\r\n`.
    pub fn connect(&mut self, address: SocketAddr, path: &str, headers: &str) -> Result<()> {
        let (stream, partial) = http::open_websocket(address, path, headers)?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        self.poll.registry().register(&mut stream, Token(self.clients.len()), Interest::READABLE)?;
        self.clients.push(Client { stream, partial, last_seq: 0, is_closed: false });
        Ok(())
    }

    /// Reads what arrives until `is_done` or until the time is over, and at least once.
    pub fn receive(&mut self, time: Duration, mut is_done: impl FnMut(&Deliveries) -> bool) -> Result<()> {
        let until = Instant::now() + time;
        let mut events = Events::with_capacity(1024);
        let mut has_polled = false;
        while !is_done(&self.deliveries) {
            let left = until.saturating_duration_since(Instant::now());
            if std::mem::replace(&mut has_polled, true) && left.is_zero() {
                break;
            }
            match self.poll.poll(&mut events, Some(left.min(Duration::from_millis(20)))) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                polled => polled?,
            }
            let before = self.deliveries.count;
            for event in &events {
                self.clients[event.token().0].read(&mut self.buffer, &mut self.deliveries);
            }
            if self.deliveries.count > before {
                self.deliveries.last_at = Instant::now();
            }
        }
        Ok(())
    }
}

impl Client {
    fn read(&mut self, buffer: &mut [u8], deliveries: &mut Deliveries) {
        let Self { stream, partial, last_seq, is_closed } = self;
        if *is_closed {
            return;
        }
        loop {
            let old = partial.len();
            if old >= buffer.len() {
                return self.close(deliveries);
            }
            buffer[..old].copy_from_slice(partial);
            let read = match stream.read(&mut buffer[old..]) {
                Ok(read) if read > 0 => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                _ => return self.close(deliveries),
            };
            let bytes = &buffer[..old + read];
            let mut pings = 0;
            let parsed = parse_frames(bytes, |opcode, payload| match opcode {
                Opcode::Data => deliveries.add_frame(payload, last_seq),
                Opcode::Ping => pings += 1,
                Opcode::Close | Opcode::Other => {}
            });
            partial.clear();
            partial.extend_from_slice(&bytes[parsed..]);
            // An empty pong, masked with zeroes.
            (0..pings).for_each(|_| drop(stream.write(&[0x8a, 0x80, 0, 0, 0, 0])));
            if old + read < buffer.len() {
                return;
            }
        }
    }

    fn close(&mut self, deliveries: &mut Deliveries) {
        deliveries.closed += 1;
        self.is_closed = true;
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
    }
}

impl Deliveries {
    /// Forgets the counts and latencies so far, as after a warm-up.
    pub fn clear(&mut self) {
        (self.count, self.lost, self.disordered) = (0, 0, 0);
        self.latency.clear();
    }

    /// Counts the one event or the array of events in a frame.
    fn add_frame(&mut self, frame: &[u8], last_seq: &mut u64) {
        if frame.len() < 120 && self.heartbeat.find(frame).is_some() {
            return;
        }
        let mut from = 0;
        while let Some(found) = self.seq.find(&frame[from..]) {
            from += found + self.seq.needle().len();
            let seq = parse_number(&frame[from..]);
            self.count += 1;
            self.newest = self.newest.max(seq);
            if self.check_order && *last_seq > 0 {
                self.lost += seq.saturating_sub(*last_seq + 1);
                self.disordered += u64::from(seq <= *last_seq);
            }
            *last_seq = seq.max(*last_seq);
        }
        if let Some(found) = self.at.find(frame) {
            let sent = parse_number(&frame[found + self.at.needle().len()..]);
            self.latency.record(unix_nanos().saturating_sub(sent));
        }
    }
}

/// Returns the nanoseconds since 1970, which all processes of this machine read from the same clock.
pub fn unix_nanos() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64)
}

fn parse_number(text: &[u8]) -> u64 {
    let digits = text.iter().skip_while(|byte| **byte == b' ').take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}
