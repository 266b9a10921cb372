//! The reader against frames as clients write them, whole and in pieces. Never a socket.

use proptest::prelude::*;

use super::*;

const MASK: [u8; 4] = [0x37, 0xFA, 0x21, 0x3D];

/// A client's frame: `first` is the byte with the opcode.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..=125 => frame.push(0x80 | length as u8),
        length @ 126..=0xFFFF => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            frame.push(0x80 | 127);
            frame.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(&MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

fn read(bytes: &[u8]) -> Result<Vec<Incoming>, Violation> {
    let mut messages = Vec::new();
    Reader::default().read(bytes, &mut messages).map(|()| messages)
}

#[test]
fn whole_messages() {
    let longest = "x".repeat(MESSAGE_LIMIT);
    let text = |text: &str| Incoming::Text(text.to_owned());
    let cases = [
        (frame(0x81, b"Hello"), vec![text("Hello")]),
        (frame(0x81, b""), vec![text("")]),
        (frame(0x81, longest.as_bytes()), vec![text(&longest)]),
        (frame(0x89, b"are you there"), vec![Incoming::Ping(b"are you there".to_vec())]),
        (frame(0x8A, b"yes"), vec![Incoming::Pong]),
        (frame(0x88, b""), vec![Incoming::Close(None)]),
        (frame(0x88, b"\x03\xe8bye"), vec![Incoming::Close(Some(1000))]),
        ([frame(0x01, b"He"), frame(0x00, b"l"), frame(0x80, b"lo")].concat(), vec![text("Hello")]),
        // A character split between fragments, with a ping between them.
        (
            [frame(0x01, b"\xc3"), frame(0x89, b""), frame(0x80, b"\xa4")].concat(),
            vec![Incoming::Ping(Vec::new()), text("ä")],
        ),
        ([frame(0x81, b"a"), frame(0x81, b"b")].concat(), vec![text("a"), text("b")]),
        (frame(0x81, b"Hello")[..7].to_vec(), vec![]),
    ];
    for (bytes, expected) in cases {
        assert_eq!(read(&bytes), Ok(expected), "{bytes:?}");
    }
}

#[test]
fn violations_and_their_codes() {
    let half = vec![b'x'; MESSAGE_LIMIT / 2 + 1];
    let cases: [(Vec<u8>, u16); 21] = [
        (vec![0x81, 0x05, b'H', b'e', b'l', b'l', b'o'], 1002),
        (frame(0xC1, b"x"), 1002),
        (frame(0x83, b""), 1002),
        (frame(0x8B, b""), 1002),
        (frame(0x80, b"x"), 1002),
        ([frame(0x01, b"a"), frame(0x81, b"b")].concat(), 1002),
        (frame(0x09, b""), 1002),
        (frame(0x89, &[0; 126]), 1002),
        (frame(0x88, b"\x03"), 1002),
        (frame(0x88, b"\x03\xed"), 1002),
        (frame(0x88, b"\x00\x01"), 1002),
        (vec![0x81, 0x80 | 126, 0, 5], 1002),
        (vec![0x81, 0x80 | 127, 0, 0, 0, 0, 0, 0, 1, 0], 1002),
        (vec![0x81, 0x80 | 127, 0xFF, 0, 0, 0, 0, 0, 0, 0], 1002),
        (frame(0x82, b"x"), 1003),
        (frame(0x02, b"x"), 1003),
        (frame(0x81, b"\xff"), 1007),
        (frame(0x88, b"\x03\xe8\xff"), 1007),
        (frame(0x81, &[b'x'; MESSAGE_LIMIT + 1])[..4].to_vec(), 1009),
        ([frame(0x01, &half), frame(0x80, &half)].concat(), 1009),
        (vec![0x81, 0x80 | 127, 0, 0, 0, 1, 0, 0, 0, 0], 1009),
    ];
    for (bytes, code) in cases {
        assert_eq!(read(&bytes).map_err(Violation::code), Err(code), "{bytes:?}");
    }
}

#[test]
fn nothing_is_kept_between_messages() {
    let mut reader = Reader::default();
    let mut messages = Vec::new();
    for piece in frame(0x81, &[b'x'; 3000]).chunks(700) {
        reader.read(piece, &mut messages).unwrap();
    }
    assert_eq!(messages.len(), 1);
    assert_eq!((reader.partial.capacity(), reader.fragments), (0, None));
}

fn message() -> impl Strategy<Value = (Vec<u8>, Option<Incoming>)> {
    prop_oneof![
        ".{0,400}".prop_map(|text| (frame(0x81, text.as_bytes()), Some(Incoming::Text(text)))),
        proptest::collection::vec(any::<u8>(), 0..=125)
            .prop_map(|payload| (frame(0x89, &payload), Some(Incoming::Ping(payload)))),
        proptest::collection::vec("[a-zä]{0,40}", 1..6).prop_map(|parts| {
            let last = parts.len() - 1;
            let frames = parts.iter().enumerate().map(|(at, part)| {
                let opcode = if at == 0 { 1 } else { 0 };
                frame(if at == last { 0x80 | opcode } else { opcode }, part.as_bytes())
            });
            (frames.collect::<Vec<_>>().concat(), Some(Incoming::Text(parts.concat())))
        }),
    ]
}

proptest! {
    #[test]
    fn where_the_bytes_are_cut_changes_nothing(
        messages in proptest::collection::vec(message(), 1..8),
        cuts in proptest::collection::vec(1usize..200, 1..50),
    ) {
        let bytes: Vec<u8> = messages.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
        let expected: Vec<_> = messages.into_iter().filter_map(|(_, message)| message).collect();
        let (mut reader, mut found, mut rest) = (Reader::default(), Vec::new(), &bytes[..]);
        let mut cuts = cuts.iter().cycle();
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.len().min(*cuts.next().unwrap()));
            reader.read(piece, &mut found).unwrap();
            rest = after;
        }
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn any_bytes_are_read_or_refused_and_never_hoarded(pieces in proptest::collection::vec(any::<Vec<u8>>(), 0..20)) {
        let (mut reader, mut found) = (Reader::default(), Vec::new());
        for piece in pieces {
            if reader.read(&piece, &mut found).is_err() {
                break;
            }
            prop_assert!(reader.partial.len() <= MESSAGE_LIMIT + 14);
            prop_assert!(reader.fragments.as_ref().is_none_or(|message| message.len() <= MESSAGE_LIMIT));
        }
    }
}
