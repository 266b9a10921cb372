//! What is taken out of a linked program, and what stays, on programs of two functions.

use super::*;

/// Two functions: `ends` and one that calls it behind a branch, each operand with a note of the linker's.
fn program(ends: &[u8]) -> Vec<u8> {
    let body = |code: &[u8]| {
        let mut body = Vec::new();
        leb::write(&mut body, code.len() + 1);
        body.push(0);
        [body, code.to_vec()].concat()
    };
    let caller = [
        &[0x02, 0x40, 0x20, 0, 0x0d, 0][..],
        &[0x41, 0xd2, 0x80, 0x80, 0x80, 0, 0x10, 0x80, 0x80, 0x80, 0x80, 0, UNREACHABLE, 0x0b],
        &[0x10, 0x81, 0x80, 0x80, 0x80, 0, 0x0b],
    ]
    .concat();
    let code = [vec![2], body(ends), body(&caller)].concat();
    let place = code.len() - caller.len();
    let notes = [(4, place + 7), (0, place + 13), (0, place + 21)];
    let notes: Vec<u8> = notes
        .iter()
        .flat_map(|(kind, at)| {
            let addend: &[u8] = if *kind == 4 { &[0] } else { &[] };
            [&[*kind, *at as u8, 0][..], addend].concat()
        })
        .collect();
    let notes = [&b"\x0areloc.CODE\x02\x03"[..], &notes].concat();
    [
        &b"\0asm\x01\0\0\0"[..],
        &leb::section(1, &[1, 0x60, 1, 0x7f, 0]),
        &leb::section(3, &[2, 0, 0]),
        &leb::section(10, &code),
        &leb::section(0, &notes),
    ]
    .concat()
}

#[test]
fn a_call_that_does_not_come_back_is_a_trap_and_what_was_prepared_for_it_is_gone() {
    let before = program(&[UNREACHABLE, 0x0b]);
    let after = silenced(before.clone()).unwrap();
    let quiet = [&[0x02, 0x40, 0x20, 0, 0x0d, 0, UNREACHABLE][..], &[NOP; 11], &[UNREACHABLE, 0x0b, 0x10]].concat();
    assert!(after.windows(quiet.len()).any(|window| window == quiet), "{after:x?}");
    assert!(after.ends_with(&[&b"\x0areloc.CODE\x02\x01"[..], &[0, 0x1c, 0]].concat()), "one note is left: {after:x?}");
    assert_eq!(after.len(), before.len() - 7);
}

#[test]
fn a_call_that_comes_back_stays() {
    let before = program(&[0x0b]);
    assert_eq!(silenced(before.clone()).unwrap(), before);
}
