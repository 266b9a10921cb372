//! The link, one law a test. Never a real socket.

use orrery_protocol::{Cursor, Epoch, Timestamp};
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn hello(head: u64, resumed: bool) -> Heard {
    Heard::Hello { epoch: Epoch::new("e"), head, resumed }
}

fn cursor(seq: u64) -> Cursor {
    Cursor { epoch: Epoch::new("e"), seq }
}

/// Live at 100 ms, at place 10 of the log.
fn live() -> Link {
    let mut link = Link::new(at(0));
    assert_eq!(link.hear(Heard::Woke, at(0), 0.5), [Order::Open(None)]);
    assert_eq!(link.hear(Heard::Opened, at(50), 0.5), []);
    assert_eq!(link.hear(hello(10, false), at(60), 0.5), [Order::LoadSnapshot]);
    assert_eq!(link.connection(at(60)), Connection::Connecting);
    assert_eq!(link.hear(Heard::Snapshot(cursor(10)), at(100), 0.5), []);
    assert_eq!(link.connection(at(100)), Connection::Live);
    link
}

#[wasm_bindgen_test]
fn the_first_state_comes_after_the_socket_and_the_overlap_is_ignored() {
    let mut link = Link::new(at(0));
    link.hear(Heard::Woke, at(0), 0.5);
    link.hear(Heard::Opened, at(1), 0.5);
    link.hear(hello(10, false), at(2), 0.5);
    assert_eq!(link.judge(Some(11), at(3)), Verdict::Take);
    link.hear(Heard::Snapshot(cursor(12)), at(4), 0.5);
    assert_eq!(link.judge(Some(12), at(5)), Verdict::Ignore);
    assert_eq!(link.judge(Some(13), at(6)), Verdict::Take);
    assert_eq!(link.judge(Some(15), at(7)), Verdict::Gap);
}

#[wasm_bindgen_test]
fn a_state_that_was_asked_for_early_is_followed_by_what_happened_since() {
    let mut link = Link::new(at(0));
    assert_eq!(link.hear(Heard::AskedEarly, at(0), 0.5), [Order::LoadSnapshot]);
    assert_eq!(link.connection(at(1)), Connection::Connecting);
    assert_eq!(link.hear(Heard::Snapshot(cursor(10)), at(50), 0.5), [Order::Open(Some(cursor(10)))]);
    link.hear(Heard::Opened, at(60), 0.5);
    assert_eq!(link.hear(hello(12, true), at(70), 0.5), []);
    assert_eq!([11, 12].map(|seq| link.judge(Some(seq), at(80))), [Verdict::Take; 2]);
    assert_eq!(link.connection(at(80)), Connection::Live);
}

#[wasm_bindgen_test]
fn a_state_that_was_asked_for_early_in_vain_is_asked_for_in_order() {
    for (failure, orders) in [
        (LoadFailure::NotFound, vec![Order::Open(None)]),
        (LoadFailure::Unreachable, vec![Order::Open(None)]),
        (LoadFailure::Unauthorized, vec![Order::Drop]),
    ] {
        let mut link = Link::new(at(0));
        link.hear(Heard::AskedEarly, at(0), 0.5);
        assert_eq!(link.hear(Heard::LoadFailed(failure), at(50), 0.5), orders);
    }
}

#[wasm_bindgen_test]
fn a_lost_connection_resumes_from_its_cursor_after_a_random_while() {
    let mut link = live();
    link.judge(Some(11), at(200));
    assert_eq!(link.hear(Heard::Closed { code: 4001, reason: String::new() }, at(300), 0.5), [Order::Drop]);
    assert_eq!(link.connection(at(300)), Connection::Reconnecting { at: at(550) });
    assert_eq!(link.hear(Heard::Woke, at(549), 0.5), []);
    assert_eq!(link.hear(Heard::Woke, at(550), 0.5), [Order::Open(Some(cursor(11)))]);
    link.hear(Heard::Opened, at(560), 0.5);
    assert_eq!(link.hear(hello(13, true), at(570), 0.5), []);
    assert_eq!(link.connection(at(570)), Connection::Connecting, "what was missed is on its way");
    link.judge(Some(12), at(580));
    link.judge(Some(13), at(590));
    assert_eq!(link.connection(at(590)), Connection::Live);
}

#[wasm_bindgen_test]
fn a_place_that_is_no_longer_kept_means_a_snapshot() {
    let mut link = live();
    link.hear(Heard::Gap, at(300), 0.0);
    link.hear(Heard::Woke, at(300), 0.0);
    link.hear(Heard::Opened, at(310), 0.0);
    assert_eq!(link.hear(hello(900, false), at(320), 0.0), [Order::LoadSnapshot]);
    assert_eq!(link.judge(Some(901), at(330)), Verdict::Take);
}

#[wasm_bindgen_test]
fn a_snapshot_that_never_came_leaves_no_cursor() {
    let mut link = live();
    link.hear(Heard::Gap, at(300), 0.0);
    link.hear(Heard::Woke, at(300), 0.0);
    link.hear(Heard::Opened, at(310), 0.0);
    link.hear(hello(900, false), at(320), 0.0);
    link.hear(Heard::LoadFailed(LoadFailure::Unreachable), at(330), 0.0);
    assert_eq!(link.hear(Heard::Woke, at(330), 0.0), [Order::Open(None)]);
}

#[wasm_bindgen_test]
fn an_idle_head_that_is_ahead_means_that_something_was_missed() {
    let mut link = live();
    assert_eq!(link.hear(Heard::Beat(Some(10)), at(400), 0.0), []);
    assert_eq!(link.hear(Heard::Beat(Some(11)), at(500), 0.0), [Order::Drop]);
}

#[wasm_bindgen_test]
fn forty_seconds_of_silence_drop_the_socket() {
    let mut link = live();
    assert_eq!(link.deadline(), Some(at(40_100)));
    link.hear(Heard::Beat(Some(10)), at(15_000), 0.0);
    assert_eq!(link.hear(Heard::Woke, at(54_999), 0.0), []);
    assert_eq!(link.hear(Heard::Woke, at(55_000), 0.0), [Order::Drop]);
}

#[wasm_bindgen_test]
fn the_codes_that_say_stop_are_obeyed_until_the_person_says_otherwise() {
    for (code, reason, stopped) in [
        (4500, "revoked", StopReason::Unauthorized),
        (4504, "too many sockets", StopReason::OverLimit("too many sockets".into())),
        (4504, "", StopReason::OverLimit("over a limit".into())),
    ] {
        let mut link = live();
        link.hear(Heard::Closed { code, reason: reason.into() }, at(300), 0.0);
        assert_eq!(link.connection(at(300)), Connection::Stopped { reason: stopped });
        assert_eq!(link.deadline(), None);
        assert_eq!(link.hear(Heard::Woke, at(90_000), 0.0), []);
        assert_eq!(link.hear(Heard::TryNow, at(90_001), 0.0), [Order::Open(Some(cursor(10)))]);
    }
}

#[wasm_bindgen_test]
fn a_server_without_a_hello_is_asked_for_its_rows() {
    let mut link = Link::new(at(0));
    link.hear(Heard::Woke, at(0), 0.0);
    link.hear(Heard::Opened, at(10), 0.0);
    assert_eq!(link.deadline(), Some(at(2_010)));
    assert_eq!(link.hear(Heard::Woke, at(2_010), 0.0), [Order::LoadRows]);
    assert_eq!(link.judge(None, at(2_100)), Verdict::Take);
    link.hear(Heard::Rows, at(2_200), 0.0);
    assert_eq!(link.connection(at(2_200)), Connection::Live);
    assert_eq!(link.deadline(), None, "it never promised a heartbeat");
    link.hear(Heard::Closed { code: 1006, reason: String::new() }, at(3_000), 0.0);
    assert_eq!(link.hear(Heard::Woke, at(3_000), 0.0), [Order::Open(None)]);
    assert_eq!(link.hear(Heard::Opened, at(3_010), 0.0), [Order::LoadRows], "it is known by now");
}

#[wasm_bindgen_test]
fn an_event_in_the_place_of_the_hello_says_that_there_will_be_none() {
    let mut link = Link::new(at(0));
    link.hear(Heard::Woke, at(0), 0.0);
    link.hear(Heard::Opened, at(10), 0.0);
    assert_eq!(link.hear(Heard::NoHello, at(20), 0.0), [Order::LoadRows]);
    assert_eq!(link.hear(hello(5, false), at(30), 0.0), [Order::LoadSnapshot], "it was only late");
}

#[wasm_bindgen_test]
fn the_same_gap_twice_is_bridged_by_a_snapshot() {
    let mut link = live();
    for opened in [Some(cursor(10)), None] {
        link.hear(Heard::Gap, at(300), 0.0);
        assert_eq!(link.hear(Heard::Woke, at(300), 0.0), [Order::Open(opened)]);
        link.hear(Heard::Opened, at(310), 0.0);
        link.hear(hello(20, true), at(320), 0.0);
    }
}

#[wasm_bindgen_test]
fn a_server_with_a_hello_but_no_snapshot_is_asked_for_its_rows() {
    let mut link = Link::new(at(0));
    link.hear(Heard::Woke, at(0), 0.0);
    link.hear(Heard::Opened, at(10), 0.0);
    link.hear(hello(0, false), at(20), 0.0);
    assert_eq!(link.hear(Heard::LoadFailed(LoadFailure::NotFound), at(30), 0.0), [Order::LoadRows]);
}

#[wasm_bindgen_test]
fn half_a_minute_without_a_server_is_offline_and_tries_go_on() {
    let mut link = live();
    link.hear(Heard::Closed { code: 1006, reason: String::new() }, at(1_000), 1.0);
    let mut now = 1_000;
    while now < 31_000 {
        now = link.deadline().unwrap().millis();
        let orders = link.hear(Heard::Woke, at(now), 1.0);
        assert!(matches!(orders[..], [Order::Open(_)]));
        link.hear(Heard::Closed { code: 1006, reason: String::new() }, at(now), 1.0);
    }
    assert_eq!(link.connection(at(now)), Connection::Offline { since: at(1_000) });
    assert!(link.deadline().is_some());
}

#[wasm_bindgen_test]
fn rows_that_come_after_a_late_hello_are_not_taken_for_the_snapshot() {
    let mut link = Link::new(at(0));
    link.hear(Heard::Woke, at(0), 0.0);
    link.hear(Heard::Opened, at(10), 0.0);
    link.hear(Heard::NoHello, at(20), 0.0);
    link.hear(hello(5, false), at(30), 0.0);
    link.hear(Heard::Rows, at(40), 0.0);
    assert!(link.is_loading(), "the snapshot is still awaited");
    link.hear(Heard::Snapshot(cursor(5)), at(50), 0.0);
    assert!(link.is_live());
}

#[wasm_bindgen_test]
fn a_snapshot_older_than_the_hello_is_not_enough() {
    let mut link = Link::new(at(0));
    link.hear(Heard::Woke, at(0), 0.0);
    link.hear(Heard::Opened, at(10), 0.0);
    link.hear(hello(5, false), at(20), 0.0);
    assert_eq!(link.hear(Heard::Snapshot(cursor(4)), at(30), 0.0), [Order::Drop]);
    assert_eq!(link.hear(Heard::Woke, at(60), 0.0), [Order::Open(None)]);
}

#[wasm_bindgen_test]
fn a_state_that_does_not_fit_is_loaded_anew_whatever_was_heard() {
    let mut link = live();
    assert_eq!(link.hear(Heard::LostTrack, at(300), 0.0), [Order::Drop]);
    assert_eq!(link.hear(Heard::LostTrack, at(300), 0.0), [], "it is let go of already");
    assert_eq!(link.hear(Heard::Woke, at(300), 0.0), [Order::Open(None)]);
}

#[wasm_bindgen_test]
fn only_the_person_starts_again_what_was_stopped() {
    let mut link = live();
    link.hear(Heard::Closed { code: 4504, reason: String::new() }, at(300), 0.0);
    assert_eq!(link.hear(Heard::BackAgain, at(400), 0.0), []);
    assert_eq!(link.hear(Heard::TryNow, at(500), 0.0).len(), 1);
}
