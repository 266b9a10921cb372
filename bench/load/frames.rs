//! The frames that a server sends, cut from a stream of bytes. Never a frame that a client sends.

pub enum Opcode {
    Data,
    Close,
    Ping,
    Other,
}

/// Calls `each` with every whole frame and returns how many bytes they took.
pub fn cut(bytes: &[u8], mut each: impl FnMut(Opcode, &[u8])) -> usize {
    let mut taken = 0;
    while let Some((opcode, head, length)) = head(&bytes[taken..]) {
        let Some(payload) = bytes.get(taken + head..taken + head + length) else { break };
        each(opcode, payload);
        taken += head + length;
    }
    taken
}

/// What it is, how long the head is and how long the payload.
fn head(bytes: &[u8]) -> Option<(Opcode, usize, usize)> {
    let [first, second, rest @ ..] = bytes else { return None };
    let opcode = match first & 0x0f {
        0..=2 => Opcode::Data,
        8 => Opcode::Close,
        9 => Opcode::Ping,
        _ => Opcode::Other,
    };
    let (head, length) = match second & 0x7f {
        126 => (4, u16::from_be_bytes(*rest.first_chunk()?) as u64),
        127 => (10, u64::from_be_bytes(*rest.first_chunk()?)),
        short => (2, u64::from(short)),
    };
    Some((opcode, head, usize::try_from(length).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_frames_are_cut_and_the_rest_is_left() {
        let mut bytes = vec![0x81, 2, b'h', b'i', 0x89, 0, 0x81, 126, 1, 0];
        bytes.extend([b'x'; 256]);
        bytes.extend([0x81, 5, b'a']);
        let mut lengths = Vec::new();
        let taken = cut(&bytes, |_, payload| lengths.push(payload.len()));
        assert_eq!((taken, lengths), (bytes.len() - 3, vec![2, 0, 256]));
    }
}
