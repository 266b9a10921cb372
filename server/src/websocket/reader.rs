//! Reads what a client sends, strictly and in pieces: bytes in, messages or one violation out. Never touches a socket.
//!
//! Between messages nothing is kept: an idle connection costs no buffer.

use super::frame::CONTROL_LIMIT;

/// A client has little to say: one frame, and one message joined from frames, hold at most this much.
pub const MESSAGE_LIMIT: usize = 4 * 1024;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    Text(String),
    Ping(Vec<u8>),
    Pong,
    /// The code that the client gave, if it gave one.
    Close(Option<u16>),
}

/// Why a connection cannot go on, and the code that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    #[error("{0}")]
    Protocol(&'static str),
    #[error("binary frames are not understood here, send text")]
    Binary,
    #[error("text is not UTF-8")]
    NotText,
    #[error("a message holds at most 4096 bytes")]
    TooBig,
}

impl Violation {
    pub fn code(self) -> u16 {
        match self {
            Self::Protocol(_) => 1002,
            Self::Binary => 1003,
            Self::NotText => 1007,
            Self::TooBig => 1009,
        }
    }
}

#[derive(Debug, Default)]
pub struct Reader {
    /// A frame that has not come whole.
    partial: Vec<u8>,
    /// The frames of a message that is not final.
    fragments: Option<Vec<u8>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opcode {
    Continuation,
    Text,
    Close,
    Ping,
    Pong,
}

struct Header {
    is_final: bool,
    opcode: Opcode,
    length: usize,
    mask: [u8; 4],
    size: usize,
}

impl Reader {
    /// Takes what the socket had and appends what was in it. After a violation the rest must not be read.
    pub fn read(&mut self, bytes: &[u8], into: &mut Vec<Incoming>) -> Result<(), Violation> {
        if self.partial.is_empty() {
            let used = self.frames(bytes, into)?;
            self.partial.extend_from_slice(&bytes[used..]);
        } else {
            let mut joined = std::mem::take(&mut self.partial);
            joined.extend_from_slice(bytes);
            let used = self.frames(&joined, into)?;
            self.partial.extend_from_slice(&joined[used..]);
        }
        Ok(())
    }

    /// How many of the bytes were whole frames.
    fn frames(&mut self, bytes: &[u8], into: &mut Vec<Incoming>) -> Result<usize, Violation> {
        let mut used = 0;
        while let Some(header) = Header::parse(&bytes[used..], self.fragments.as_ref().map(Vec::len))? {
            let start = used + header.size;
            let Some(masked) = bytes.get(start..start + header.length) else { break };
            let payload = masked.iter().zip(header.mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
            into.extend(self.message(&header, payload)?);
            used = start + header.length;
        }
        Ok(used)
    }

    fn message(&mut self, header: &Header, payload: Vec<u8>) -> Result<Option<Incoming>, Violation> {
        Ok(match header.opcode {
            Opcode::Ping => Some(Incoming::Ping(payload)),
            Opcode::Pong => Some(Incoming::Pong),
            Opcode::Close => Some(Incoming::Close(close_code(&payload)?)),
            Opcode::Text | Opcode::Continuation => {
                let mut message = self.fragments.take().unwrap_or_default();
                message.extend_from_slice(&payload);
                match header.is_final {
                    true => Some(Incoming::Text(String::from_utf8(message).map_err(|_| Violation::NotText)?)),
                    false => {
                        self.fragments = Some(message);
                        None
                    }
                }
            }
        })
    }
}

impl Header {
    /// `None` until the header is whole; what is wrong with it is said as early as it shows.
    /// `fragments` is the length of the message that waits for its continuation.
    fn parse(bytes: &[u8], fragments: Option<usize>) -> Result<Option<Self>, Violation> {
        let [first, second, rest @ ..] = bytes else { return Ok(None) };
        if first & 0x70 != 0 {
            return Err(Violation::Protocol("reserved bits are set and no extension was agreed"));
        }
        let is_final = first & 0x80 != 0;
        let opcode = match first & 0x0F {
            0x0 => Opcode::Continuation,
            0x1 => Opcode::Text,
            0x2 => return Err(Violation::Binary),
            0x8 => Opcode::Close,
            0x9 => Opcode::Ping,
            0xA => Opcode::Pong,
            _ => return Err(Violation::Protocol("unknown opcode")),
        };
        if second & 0x80 == 0 {
            return Err(Violation::Protocol("a client's frames are masked"));
        }
        let (length, extended) = match second & 0x7F {
            126 => match rest {
                [a, b, ..] => (u64::from(u16::from_be_bytes([*a, *b])), 2),
                _ => return Ok(None),
            },
            127 => match rest {
                [a, b, c, d, e, f, g, h, ..] => (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), 8),
                _ => return Ok(None),
            },
            short => (u64::from(short), 0),
        };
        if length > i64::MAX as u64 || (extended == 2 && length < 126) || (extended == 8 && length <= 0xFFFF) {
            return Err(Violation::Protocol("a length is written the shortest way"));
        }
        let before = match opcode {
            Opcode::Close | Opcode::Ping | Opcode::Pong if !is_final || length > CONTROL_LIMIT as u64 => {
                return Err(Violation::Protocol("a control frame is whole and holds at most 125 bytes"));
            }
            Opcode::Text if fragments.is_some() => {
                return Err(Violation::Protocol("a new message before the last one was final"));
            }
            Opcode::Continuation => fragments.ok_or(Violation::Protocol("nothing to continue"))?,
            Opcode::Text | Opcode::Close | Opcode::Ping | Opcode::Pong => 0,
        };
        if length > (MESSAGE_LIMIT - before.min(MESSAGE_LIMIT)) as u64 {
            return Err(Violation::TooBig);
        }
        let Some(&[a, b, c, d]) = rest.get(extended..extended + 4) else { return Ok(None) };
        Ok(Some(Self { is_final, opcode, length: length as usize, mask: [a, b, c, d], size: 2 + extended + 4 }))
    }
}

fn close_code(payload: &[u8]) -> Result<Option<u16>, Violation> {
    match payload {
        [] => Ok(None),
        [_] => Err(Violation::Protocol("a close code has two bytes")),
        [high, low, reason @ ..] => {
            let code = u16::from_be_bytes([*high, *low]);
            if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
                return Err(Violation::Protocol("not a close code"));
            }
            std::str::from_utf8(reason).map_err(|_| Violation::NotText)?;
            Ok(Some(code))
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod fuzz;
