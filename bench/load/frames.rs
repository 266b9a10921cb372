//! Parses the WebSocket frames that a server sends, which are not masked.

pub enum Opcode {
    Data,
    Close,
    Ping,
    Other,
}

/// Calls `on_frame` with the payload of each whole frame and returns the number of bytes that they occupy.
pub fn parse_frames(bytes: &[u8], mut on_frame: impl FnMut(Opcode, &[u8])) -> usize {
    let mut parsed = 0;
    while let Some((opcode, header, length)) = parse_header(&bytes[parsed..]) {
        let Some(payload) = bytes.get(parsed + header..parsed + header + length) else { break };
        on_frame(opcode, payload);
        parsed += header + length;
    }
    parsed
}

/// Returns the opcode, and the lengths of the header and of the payload.
fn parse_header(bytes: &[u8]) -> Option<(Opcode, usize, usize)> {
    let [first, second, rest @ ..] = bytes else { return None };
    let opcode = match first & 0x0f {
        0..=2 => Opcode::Data,
        8 => Opcode::Close,
        9 => Opcode::Ping,
        _ => Opcode::Other,
    };
    let (header, length) = match second & 0x7f {
        126 => (4, u16::from_be_bytes(*rest.first_chunk()?) as u64),
        127 => (10, u64::from_be_bytes(*rest.first_chunk()?)),
        short => (2, u64::from(short)),
    };
    Some((opcode, header, usize::try_from(length).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_whole_frames_and_leaves_the_partial_one() {
        let mut bytes = vec![0x81, 2, b'h', b'i', 0x89, 0, 0x81, 126, 1, 0];
        bytes.extend([b'x'; 256]);
        bytes.extend([0x81, 5, b'a']);
        let mut lengths = Vec::new();
        let parsed = parse_frames(&bytes, |_, payload| lengths.push(payload.len()));
        assert_eq!((parsed, lengths), (bytes.len() - 3, vec![2, 0, 256]));
    }
}
