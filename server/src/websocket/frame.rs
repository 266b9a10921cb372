//! Frames as a server writes them: whole, final and unmasked, so that one copy serves every socket. Never reads one.

use bytes::Bytes;

use super::reader::Violation;

const FINAL: u8 = 0x80;
const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;

/// A control frame's payload has at most this many bytes, a close frame's code included.
pub const CONTROL_LIMIT: usize = 125;

/// A finished frame: header and payload in one shared piece of memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutFrame(Bytes);

impl OutFrame {
    pub fn text(payload: &str) -> Self {
        Self::data(TEXT, payload.as_bytes())
    }

    /// A reason that is too long is cut between characters.
    pub fn close(code: u16, reason: &str) -> Self {
        let mut end = reason.len().min(CONTROL_LIMIT - 2);
        while !reason.is_char_boundary(end) {
            end -= 1;
        }
        let mut payload = code.to_be_bytes().to_vec();
        payload.extend_from_slice(&reason.as_bytes()[..end]);
        Self::data(CLOSE, &payload)
    }

    /// The answer to a close frame without a code.
    pub fn close_without_code() -> Self {
        Self::data(CLOSE, &[])
    }

    pub fn violation(violation: Violation) -> Self {
        Self::close(violation.code(), &violation.to_string())
    }

    pub fn ping() -> Self {
        Self::data(PING, &[])
    }

    pub fn pong(payload: &[u8]) -> Self {
        Self::data(PONG, &payload[..payload.len().min(CONTROL_LIMIT)])
    }

    /// The header of a text frame whose payload follows in pieces.
    pub fn text_header(length: usize) -> Bytes {
        let mut header = Vec::with_capacity(10);
        write_header(&mut header, TEXT, length);
        header.into()
    }

    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    pub fn into_bytes(self) -> Bytes {
        self.0
    }

    /// What is inside, without the header.
    pub fn payload(&self) -> &[u8] {
        &self.0[self.header_length()..]
    }

    /// The same, sharing the memory.
    pub fn payload_bytes(&self) -> Bytes {
        self.0.slice(self.header_length()..)
    }

    #[allow(clippy::len_without_is_empty, reason = "a frame has a header at least")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    fn header_length(&self) -> usize {
        match self.0[1] {
            127 => 10,
            126 => 4,
            _ => 2,
        }
    }

    fn data(opcode: u8, payload: &[u8]) -> Self {
        let mut frame = Vec::with_capacity(payload.len() + 10);
        write_header(&mut frame, opcode, payload.len());
        frame.extend_from_slice(payload);
        // Thousands of these are kept: give back what was reserved for a longer header.
        frame.shrink_to_fit();
        Self(frame.into())
    }
}

/// The shortest of the three ways to write a length (RFC 6455 §5.2).
fn write_header(to: &mut Vec<u8>, opcode: u8, length: usize) {
    to.push(FINAL | opcode);
    match length {
        0..=125 => to.push(length as u8),
        126..=0xFFFF => {
            to.push(126);
            to.extend_from_slice(&(length as u16).to_be_bytes());
        }
        _ => {
            to.push(127);
            to.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_the_shortest_way() {
        let cases: [(usize, &[u8]); 6] = [
            (0, &[0x81, 0]),
            (125, &[0x81, 125]),
            (126, &[0x81, 126, 0, 126]),
            (65_535, &[0x81, 126, 0xFF, 0xFF]),
            (65_536, &[0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
            (70_000, &[0x81, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70]),
        ];
        for (length, header) in cases {
            let text = "x".repeat(length);
            let frame = OutFrame::text(&text);
            assert_eq!(&frame.bytes()[..header.len()], header, "{length}");
            assert_eq!(frame.len(), header.len() + length);
            assert_eq!(frame.payload(), text.as_bytes());
            assert_eq!(frame.payload_bytes(), text.as_bytes());
            assert_eq!(OutFrame::text_header(length), header);
        }
    }

    #[test]
    fn control_frames_never_pass_their_limit() {
        let close = OutFrame::close(4001, &"ä".repeat(100));
        assert!(close.len() <= 2 + CONTROL_LIMIT);
        assert!(std::str::from_utf8(&close.payload()[2..]).is_ok());
        assert_eq!(&OutFrame::close(4008, "slow").bytes()[..], b"\x88\x06\x0f\xa8slow");
        assert_eq!(OutFrame::pong(&[7; 200]).len(), 2 + CONTROL_LIMIT);
        assert_eq!(&OutFrame::ping().bytes()[..], b"\x89\x00");
    }
}
