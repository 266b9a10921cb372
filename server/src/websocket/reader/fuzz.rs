//! Anything at all, and frames with something wrong in them, in pieces of any size: nothing panics, nothing is kept beyond
//! one message, and how it was cut makes no difference. Never a socket.
//!
//! `PROPTEST_CASES=1000000 cargo test -p orrery-server --lib fuzz` goes on for longer.

use proptest::prelude::*;

use super::*;

/// Two headers more than a message: what a reader may have in its hands at once, beside what it is given.
const KEPT: usize = MESSAGE_LIMIT + 2 * 14;

/// A frame whose header may say anything; `length` is what it claims when it does not say the truth.
fn frame() -> impl Strategy<Value = Vec<u8>> {
    let lies = prop_oneof![9 => Just(None), 1 => any::<u64>().prop_map(Some)];
    let first = prop_oneof![
        4 => prop::sample::select(vec![0x01, 0x80, 0x81, 0x00, 0x88, 0x89, 0x8A]),
        1 => any::<u8>(),
    ];
    let payload = prop_oneof![
        4 => prop::collection::vec(any::<u8>(), 0..140),
        4 => "[a-zé]{0,60}".prop_map(String::into_bytes),
        1 => prop::collection::vec(Just(b'x'), 3_900..5_000),
    ];
    (first, payload, any::<[u8; 4]>(), lies, prop::bool::weighted(0.97)).prop_map(
        |(first, payload, mask, lie, masked)| {
            let mut frame = vec![first];
            let bit = if masked { 0x80 } else { 0 };
            match lie {
                Some(length) => {
                    frame.push(bit | 127);
                    frame.extend(length.to_be_bytes());
                }
                None if payload.len() < 126 => frame.push(bit | payload.len() as u8),
                None => {
                    frame.push(bit | 126);
                    frame.extend((payload.len() as u16).to_be_bytes());
                }
            }
            frame.extend(mask);
            frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
            frame
        },
    )
}

/// What came of it, read in pieces that end there.
fn outcome(bytes: &[u8], cuts: &[usize]) -> (Vec<Incoming>, Option<Violation>) {
    let (mut reader, mut messages) = (Reader::default(), Vec::new());
    let mut at = 0;
    for end in cuts.iter().map(|cut| cut % (bytes.len() + 1)).chain([bytes.len()]) {
        let piece = &bytes[at..end.max(at)];
        at = end.max(at);
        if let Err(violation) = reader.read(piece, &mut messages) {
            return (messages, Some(violation));
        }
        let kept = reader.partial.len() + reader.fragments.as_ref().map_or(0, Vec::len);
        assert!(kept <= KEPT + CONTROL_LIMIT, "{kept} bytes are kept");
        assert!(reader.partial.capacity() <= 2 * KEPT.max(piece.len()), "{} bytes", reader.partial.capacity());
    }
    (messages, None)
}

fn check(bytes: &[u8], mut cuts: Vec<usize>) -> Result<(), TestCaseError> {
    cuts.iter_mut().for_each(|cut| *cut %= bytes.len() + 1);
    cuts.sort_unstable();
    let (whole, in_pieces) = (outcome(bytes, &[]), outcome(bytes, &cuts));
    prop_assert_eq!(&whole, &in_pieces);
    let said: usize = whole.0.iter().map(size).sum();
    prop_assert!(said <= bytes.len(), "{} bytes out of {}", said, bytes.len());
    prop_assert!(whole.0.iter().all(|message| size(message) <= MESSAGE_LIMIT));
    if let Some(violation) = whole.1 {
        prop_assert!([1002, 1003, 1007, 1009].contains(&violation.code()) && !violation.to_string().is_empty());
        // RFC 6455: a close frame has room for a reason of 123 bytes.
        prop_assert!(violation.to_string().len() <= 123);
    }
    Ok(())
}

fn size(message: &Incoming) -> usize {
    match message {
        Incoming::Text(text) => text.len(),
        Incoming::Ping(payload) => payload.len(),
        Incoming::Pong | Incoming::Close(_) => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400), cuts in prop::collection::vec(any::<usize>(), 0..8)) {
        check(&bytes, cuts)?;
    }

    #[test]
    fn frames_with_something_wrong(
        frames in prop::collection::vec(frame(), 0..8),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        cuts in prop::collection::vec(any::<usize>(), 0..12),
    ) {
        let mut bytes = frames.concat();
        for (at, byte) in flips.into_iter().filter(|_| !frames.is_empty()) {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        check(&bytes, cuts)?;
    }
}
