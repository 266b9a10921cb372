//! The connection, one law a test. Never a real socket.

use orrery_protocol::{Cursor, Epoch, Timestamp};

use super::*;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn hello(head: u64, resumed: bool) -> Input {
    Input::Hello { epoch: Epoch::new("e"), head, resumed }
}

fn cursor(seq: u64) -> Cursor {
    Cursor { epoch: Epoch::new("e"), seq }
}

/// Live at 100 ms, at place 10 of the log.
fn live() -> Connection {
    let mut connection = Connection::new(at(0));
    assert_eq!(connection.handle(Input::TimerFired, at(0), 0.5), [Effect::OpenSocket(None)]);
    assert_eq!(connection.handle(Input::Opened, at(50), 0.5), []);
    assert_eq!(connection.handle(hello(10, false), at(60), 0.5), [Effect::LoadSnapshot]);
    assert_eq!(connection.connection(at(60)), ConnectionStatus::Connecting);
    assert_eq!(connection.handle(Input::SnapshotLoaded(cursor(10)), at(100), 0.5), []);
    assert_eq!(connection.connection(at(100)), ConnectionStatus::Live);
    connection
}

#[test]
fn the_first_state_comes_after_the_socket_and_the_overlap_is_ignored() {
    let mut connection = Connection::new(at(0));
    connection.handle(Input::TimerFired, at(0), 0.5);
    connection.handle(Input::Opened, at(1), 0.5);
    connection.handle(hello(10, false), at(2), 0.5);
    assert_eq!(connection.check_sequence(Some(11), at(3)), SequenceCheck::Next);
    connection.handle(Input::SnapshotLoaded(cursor(12)), at(4), 0.5);
    assert_eq!(connection.check_sequence(Some(12), at(5)), SequenceCheck::Duplicate);
    assert_eq!(connection.check_sequence(Some(13), at(6)), SequenceCheck::Next);
    assert_eq!(connection.check_sequence(Some(15), at(7)), SequenceCheck::Gap);
}

#[test]
fn a_state_that_was_asked_for_early_is_followed_by_what_happened_since() {
    let mut connection = Connection::new(at(0));
    assert_eq!(connection.handle(Input::EarlySnapshotRequested, at(0), 0.5), [Effect::LoadSnapshot]);
    assert_eq!(connection.connection(at(1)), ConnectionStatus::Connecting);
    assert_eq!(
        connection.handle(Input::SnapshotLoaded(cursor(10)), at(50), 0.5),
        [Effect::OpenSocket(Some(cursor(10)))]
    );
    connection.handle(Input::Opened, at(60), 0.5);
    assert_eq!(connection.handle(hello(12, true), at(70), 0.5), []);
    assert_eq!([11, 12].map(|seq| connection.check_sequence(Some(seq), at(80))), [SequenceCheck::Next; 2]);
    assert_eq!(connection.connection(at(80)), ConnectionStatus::Live);
}

#[test]
fn a_state_that_was_asked_for_early_in_vain_is_asked_for_in_order() {
    for (failure, effects) in [
        (LoadFailure::NotFound, vec![Effect::OpenSocket(None)]),
        (LoadFailure::Unreachable, vec![Effect::OpenSocket(None)]),
        (LoadFailure::Unauthorized, vec![Effect::CloseSocket]),
    ] {
        let mut connection = Connection::new(at(0));
        connection.handle(Input::EarlySnapshotRequested, at(0), 0.5);
        assert_eq!(connection.handle(Input::LoadFailed(failure), at(50), 0.5), effects);
    }
}

#[test]
fn a_lost_connection_resumes_from_its_cursor_after_a_random_while() {
    let mut connection = live();
    connection.check_sequence(Some(11), at(200));
    assert_eq!(
        connection.handle(Input::Closed { code: 4001, reason: String::new() }, at(300), 0.5),
        [Effect::CloseSocket]
    );
    assert_eq!(connection.connection(at(300)), ConnectionStatus::Reconnecting { at: at(550) });
    assert_eq!(connection.handle(Input::TimerFired, at(549), 0.5), []);
    assert_eq!(connection.handle(Input::TimerFired, at(550), 0.5), [Effect::OpenSocket(Some(cursor(11)))]);
    connection.handle(Input::Opened, at(560), 0.5);
    assert_eq!(connection.handle(hello(13, true), at(570), 0.5), []);
    assert_eq!(connection.connection(at(570)), ConnectionStatus::Connecting, "what was missed is on its way");
    connection.check_sequence(Some(12), at(580));
    connection.check_sequence(Some(13), at(590));
    assert_eq!(connection.connection(at(590)), ConnectionStatus::Live);
}

#[test]
fn a_place_that_is_no_longer_kept_means_a_snapshot() {
    let mut connection = live();
    connection.handle(Input::GapDetected, at(300), 0.0);
    connection.handle(Input::TimerFired, at(300), 0.0);
    connection.handle(Input::Opened, at(310), 0.0);
    assert_eq!(connection.handle(hello(900, false), at(320), 0.0), [Effect::LoadSnapshot]);
    assert_eq!(connection.check_sequence(Some(901), at(330)), SequenceCheck::Next);
}

#[test]
fn a_snapshot_that_never_came_leaves_no_cursor() {
    let mut connection = live();
    connection.handle(Input::GapDetected, at(300), 0.0);
    connection.handle(Input::TimerFired, at(300), 0.0);
    connection.handle(Input::Opened, at(310), 0.0);
    connection.handle(hello(900, false), at(320), 0.0);
    connection.handle(Input::LoadFailed(LoadFailure::Unreachable), at(330), 0.0);
    assert_eq!(connection.handle(Input::TimerFired, at(330), 0.0), [Effect::OpenSocket(None)]);
}

#[test]
fn an_idle_head_that_is_ahead_means_that_something_was_missed() {
    let mut connection = live();
    assert_eq!(connection.handle(Input::Heartbeat(Some(10)), at(400), 0.0), []);
    assert_eq!(connection.handle(Input::Heartbeat(Some(11)), at(500), 0.0), [Effect::CloseSocket]);
}

#[test]
fn forty_seconds_of_silence_drop_the_socket() {
    let mut connection = live();
    assert_eq!(connection.deadline(), Some(at(40_100)));
    connection.handle(Input::Heartbeat(Some(10)), at(15_000), 0.0);
    assert_eq!(connection.handle(Input::TimerFired, at(54_999), 0.0), []);
    assert_eq!(connection.handle(Input::TimerFired, at(55_000), 0.0), [Effect::CloseSocket]);
}

#[test]
fn the_codes_that_say_stop_are_obeyed_until_the_person_says_otherwise() {
    for (code, reason, stopped) in [
        (4500, "revoked", StopReason::Unauthorized),
        (4504, "too many sockets", StopReason::OverLimit("too many sockets".into())),
        (4504, "", StopReason::OverLimit("over a limit".into())),
    ] {
        let mut connection = live();
        connection.handle(Input::Closed { code, reason: reason.into() }, at(300), 0.0);
        assert_eq!(connection.connection(at(300)), ConnectionStatus::Stopped { reason: stopped });
        assert_eq!(connection.deadline(), None);
        assert_eq!(connection.handle(Input::TimerFired, at(90_000), 0.0), []);
        assert_eq!(connection.handle(Input::RetryRequested, at(90_001), 0.0), [Effect::OpenSocket(Some(cursor(10)))]);
    }
}

#[test]
fn a_server_without_a_hello_is_asked_for_its_rows() {
    let mut connection = Connection::new(at(0));
    connection.handle(Input::TimerFired, at(0), 0.0);
    connection.handle(Input::Opened, at(10), 0.0);
    assert_eq!(connection.deadline(), Some(at(2_010)));
    assert_eq!(connection.handle(Input::TimerFired, at(2_010), 0.0), [Effect::LoadRows]);
    assert_eq!(connection.check_sequence(None, at(2_100)), SequenceCheck::Next);
    connection.handle(Input::RowsLoaded, at(2_200), 0.0);
    assert_eq!(connection.connection(at(2_200)), ConnectionStatus::Live);
    assert_eq!(connection.deadline(), None, "it never promised a heartbeat");
    connection.handle(Input::Closed { code: 1006, reason: String::new() }, at(3_000), 0.0);
    assert_eq!(connection.handle(Input::TimerFired, at(3_000), 0.0), [Effect::OpenSocket(None)]);
    assert_eq!(connection.handle(Input::Opened, at(3_010), 0.0), [Effect::LoadRows], "it is known by now");
}

#[test]
fn an_event_in_the_place_of_the_hello_says_that_there_will_be_none() {
    let mut connection = Connection::new(at(0));
    connection.handle(Input::TimerFired, at(0), 0.0);
    connection.handle(Input::Opened, at(10), 0.0);
    assert_eq!(connection.handle(Input::EventBeforeHello, at(20), 0.0), [Effect::LoadRows]);
    assert_eq!(connection.handle(hello(5, false), at(30), 0.0), [Effect::LoadSnapshot], "it was only late");
}

#[test]
fn the_same_gap_twice_is_bridged_by_a_snapshot() {
    let mut connection = live();
    for opened in [Some(cursor(10)), None] {
        connection.handle(Input::GapDetected, at(300), 0.0);
        assert_eq!(connection.handle(Input::TimerFired, at(300), 0.0), [Effect::OpenSocket(opened)]);
        connection.handle(Input::Opened, at(310), 0.0);
        connection.handle(hello(20, true), at(320), 0.0);
    }
}

#[test]
fn a_server_with_a_hello_but_no_snapshot_is_asked_for_its_rows() {
    let mut connection = Connection::new(at(0));
    connection.handle(Input::TimerFired, at(0), 0.0);
    connection.handle(Input::Opened, at(10), 0.0);
    connection.handle(hello(0, false), at(20), 0.0);
    assert_eq!(connection.handle(Input::LoadFailed(LoadFailure::NotFound), at(30), 0.0), [Effect::LoadRows]);
}

#[test]
fn half_a_minute_without_a_server_is_offline_and_tries_go_on() {
    let mut connection = live();
    connection.handle(Input::Closed { code: 1006, reason: String::new() }, at(1_000), 1.0);
    let mut now = 1_000;
    while now < 31_000 {
        now = connection.deadline().unwrap().millis();
        let effects = connection.handle(Input::TimerFired, at(now), 1.0);
        assert!(matches!(effects[..], [Effect::OpenSocket(_)]));
        connection.handle(Input::Closed { code: 1006, reason: String::new() }, at(now), 1.0);
    }
    assert_eq!(connection.connection(at(now)), ConnectionStatus::Offline { since: at(1_000) });
    assert!(connection.deadline().is_some());
}

#[test]
fn rows_that_come_after_a_late_hello_are_not_taken_for_the_snapshot() {
    let mut connection = Connection::new(at(0));
    connection.handle(Input::TimerFired, at(0), 0.0);
    connection.handle(Input::Opened, at(10), 0.0);
    connection.handle(Input::EventBeforeHello, at(20), 0.0);
    connection.handle(hello(5, false), at(30), 0.0);
    connection.handle(Input::RowsLoaded, at(40), 0.0);
    assert!(connection.is_loading(), "the snapshot is still awaited");
    connection.handle(Input::SnapshotLoaded(cursor(5)), at(50), 0.0);
    assert!(connection.is_live());
}

#[test]
fn a_snapshot_older_than_the_hello_is_not_enough() {
    let mut connection = Connection::new(at(0));
    connection.handle(Input::TimerFired, at(0), 0.0);
    connection.handle(Input::Opened, at(10), 0.0);
    connection.handle(hello(5, false), at(20), 0.0);
    assert_eq!(connection.handle(Input::SnapshotLoaded(cursor(4)), at(30), 0.0), [Effect::CloseSocket]);
    assert_eq!(connection.handle(Input::TimerFired, at(60), 0.0), [Effect::OpenSocket(None)]);
}

#[test]
fn a_state_that_does_not_fit_is_loaded_anew_whatever_was_heard() {
    let mut connection = live();
    assert_eq!(connection.handle(Input::StateMismatch, at(300), 0.0), [Effect::CloseSocket]);
    assert_eq!(connection.handle(Input::StateMismatch, at(300), 0.0), [], "it is let go of already");
    assert_eq!(connection.handle(Input::TimerFired, at(300), 0.0), [Effect::OpenSocket(None)]);
}

#[test]
fn only_the_person_starts_again_what_was_stopped() {
    let mut connection = live();
    connection.handle(Input::Closed { code: 4504, reason: String::new() }, at(300), 0.0);
    assert_eq!(connection.handle(Input::NetworkRestored, at(400), 0.0), []);
    assert_eq!(connection.handle(Input::RetryRequested, at(500), 0.0).len(), 1);
}
