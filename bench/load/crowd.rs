//! Many sockets read by one thread: counts what is delivered, in order or not, and how late. Never sends but a pong.

use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use memchr::memmem::Finder;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use crate::frames::{Opcode, cut};
use crate::histogram::Histogram;
use crate::http;

/// Room for the largest frame, a batch of ten thousand events.
const BUFFER: usize = 8 * 1024 * 1024;

pub struct Crowd {
    poll: Poll,
    members: Vec<Member>,
    buffer: Vec<u8>,
    pub heard: Heard,
}

/// What all of them heard together.
pub struct Heard {
    pub deliveries: u64,
    /// Numbers that were left out, and numbers that came twice or late.
    pub lost: u64,
    pub disordered: u64,
    pub closed: u64,
    /// The highest number anyone has seen.
    pub newest: u64,
    pub last_at: Instant,
    pub latency: Histogram,
    check_order: bool,
    seq: Finder<'static>,
    at: Finder<'static>,
    heartbeat: Finder<'static>,
}

struct Member {
    stream: TcpStream,
    /// A frame that has not come whole.
    rest: Vec<u8>,
    last: u64,
    left: bool,
}

impl Crowd {
    /// `check_order`: are the numbers that each member hears without gaps?
    pub fn new(check_order: bool) -> Result<Self> {
        let heard = Heard {
            deliveries: 0,
            lost: 0,
            disordered: 0,
            closed: 0,
            newest: 0,
            last_at: Instant::now(),
            latency: Histogram::new(),
            check_order,
            seq: Finder::new("\"seq\":"),
            at: Finder::new("\"at "),
            heartbeat: Finder::new("\"heartbeat\""),
        };
        Ok(Self { poll: Poll::new()?, members: Vec::new(), buffer: vec![0; BUFFER], heard })
    }

    pub fn join(&mut self, address: SocketAddr, path: &str, headers: &str) -> Result<()> {
        let (stream, rest) = http::socket(address, path, headers)?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        self.poll.registry().register(&mut stream, Token(self.members.len()), Interest::READABLE)?;
        self.members.push(Member { stream, rest, last: 0, left: false });
        Ok(())
    }

    /// Reads what comes until `enough` says so or the time is up; at least what is there.
    pub fn listen(&mut self, time: Duration, mut enough: impl FnMut(&Heard) -> bool) -> Result<()> {
        let until = Instant::now() + time;
        let mut events = Events::with_capacity(1024);
        let mut looked = false;
        while !enough(&self.heard) {
            let left = until.saturating_duration_since(Instant::now());
            if std::mem::replace(&mut looked, true) && left.is_zero() {
                break;
            }
            match self.poll.poll(&mut events, Some(left.min(Duration::from_millis(20)))) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                polled => polled?,
            }
            let before = self.heard.deliveries;
            for event in &events {
                self.members[event.token().0].read(&mut self.buffer, &mut self.heard);
            }
            if self.heard.deliveries > before {
                self.heard.last_at = Instant::now();
            }
        }
        Ok(())
    }
}

impl Member {
    fn read(&mut self, buffer: &mut [u8], heard: &mut Heard) {
        let Self { stream, rest, last, left } = self;
        if *left {
            return;
        }
        loop {
            let old = rest.len();
            if old >= buffer.len() {
                return self.leave(heard);
            }
            buffer[..old].copy_from_slice(rest);
            let read = match stream.read(&mut buffer[old..]) {
                Ok(read) if read > 0 => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                _ => return self.leave(heard),
            };
            let bytes = &buffer[..old + read];
            let mut pings = 0;
            let taken = cut(bytes, |opcode, payload| match opcode {
                Opcode::Data => heard.frame(payload, last),
                Opcode::Ping => pings += 1,
                Opcode::Close | Opcode::Other => {}
            });
            rest.clear();
            rest.extend_from_slice(&bytes[taken..]);
            // An empty pong under a mask of zeroes.
            (0..pings).for_each(|_| drop(stream.write(&[0x8a, 0x80, 0, 0, 0, 0])));
            if old + read < buffer.len() {
                return;
            }
        }
    }

    fn leave(&mut self, heard: &mut Heard) {
        heard.closed += 1;
        self.left = true;
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
    }
}

impl Heard {
    pub fn clear(&mut self) {
        (self.deliveries, self.lost, self.disordered) = (0, 0, 0);
        self.latency.clear();
    }

    /// One event, or an array of them.
    fn frame(&mut self, frame: &[u8], last: &mut u64) {
        if frame.len() < 120 && self.heartbeat.find(frame).is_some() {
            return;
        }
        let mut from = 0;
        while let Some(found) = self.seq.find(&frame[from..]) {
            from += found + self.seq.needle().len();
            let seq = number(&frame[from..]);
            self.deliveries += 1;
            self.newest = self.newest.max(seq);
            if self.check_order && *last > 0 {
                self.lost += seq.saturating_sub(*last + 1);
                self.disordered += u64::from(seq <= *last);
            }
            *last = seq.max(*last);
        }
        if let Some(found) = self.at.find(frame) {
            let sent = number(&frame[found + self.at.needle().len()..]);
            self.latency.add(now().saturating_sub(sent));
        }
    }
}

/// Nanoseconds that any process of this machine reads alike.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64)
}

fn number(text: &[u8]) -> u64 {
    let digits = text.iter().skip_while(|byte| **byte == b' ').take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}
