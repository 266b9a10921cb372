//! Tests of the connection state machine, with inputs and times written out.

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

/// Returns a connection that is live since 100 ms, at seq 10.
fn live() -> Connection {
    let mut connection = Connection::new(at(0));
    assert_eq!(connection.handle(Input::TimerFired, at(0), 0.5), [Effect::OpenSocket(None)]);
    assert_eq!(connection.handle(Input::Opened, at(50), 0.5), []);
    assert_eq!(connection.handle(hello(10, false), at(60), 0.5), [Effect::LoadSnapshot]);
    assert_eq!(connection.status(at(60)), ConnectionStatus::Connecting);
    assert_eq!(connection.handle(Input::SnapshotLoaded(cursor(10)), at(100), 0.5), []);
    assert_eq!(connection.status(at(100)), ConnectionStatus::Live);
    connection
}

#[test]
fn loads_the_snapshot_after_the_hello_and_ignores_the_overlap() {
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
fn resumes_from_a_snapshot_that_was_requested_early() {
    let mut connection = Connection::new(at(0));
    assert_eq!(connection.handle(Input::EarlySnapshotRequested, at(0), 0.5), [Effect::LoadSnapshot]);
    assert_eq!(connection.status(at(1)), ConnectionStatus::Connecting);
    assert_eq!(
        connection.handle(Input::SnapshotLoaded(cursor(10)), at(50), 0.5),
        [Effect::OpenSocket(Some(cursor(10)))]
    );
    connection.handle(Input::Opened, at(60), 0.5);
    assert_eq!(connection.handle(hello(12, true), at(70), 0.5), []);
    assert_eq!([11, 12].map(|seq| connection.check_sequence(Some(seq), at(80))), [SequenceCheck::Next; 2]);
    assert_eq!(connection.status(at(80)), ConnectionStatus::Live);
}

#[test]
fn opens_a_socket_when_the_early_snapshot_fails() {
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
fn resumes_from_the_cursor_after_a_jittered_backoff() {
    let mut connection = live();
    connection.check_sequence(Some(11), at(200));
    assert_eq!(
        connection.handle(Input::Closed { code: 4001, reason: String::new() }, at(300), 0.5),
        [Effect::CloseSocket]
    );
    assert_eq!(connection.status(at(300)), ConnectionStatus::Reconnecting { at: at(550) });
    assert_eq!(connection.handle(Input::TimerFired, at(549), 0.5), []);
    assert_eq!(connection.handle(Input::TimerFired, at(550), 0.5), [Effect::OpenSocket(Some(cursor(11)))]);
    connection.handle(Input::Opened, at(560), 0.5);
    assert_eq!(connection.handle(hello(13, true), at(570), 0.5), []);
    assert_eq!(connection.status(at(570)), ConnectionStatus::Connecting, "the missed events are arriving");
    connection.check_sequence(Some(12), at(580));
    connection.check_sequence(Some(13), at(590));
    assert_eq!(connection.status(at(590)), ConnectionStatus::Live);
}

#[test]
fn loads_a_snapshot_when_the_cursor_is_no_longer_in_the_log() {
    let mut connection = live();
    connection.handle(Input::GapDetected, at(300), 0.0);
    connection.handle(Input::TimerFired, at(300), 0.0);
    connection.handle(Input::Opened, at(310), 0.0);
    assert_eq!(connection.handle(hello(900, false), at(320), 0.0), [Effect::LoadSnapshot]);
    assert_eq!(connection.check_sequence(Some(901), at(330)), SequenceCheck::Next);
}

#[test]
fn has_no_cursor_after_a_snapshot_failed_to_load() {
    let mut connection = live();
    connection.handle(Input::GapDetected, at(300), 0.0);
    connection.handle(Input::TimerFired, at(300), 0.0);
    connection.handle(Input::Opened, at(310), 0.0);
    connection.handle(hello(900, false), at(320), 0.0);
    connection.handle(Input::LoadFailed(LoadFailure::Unreachable), at(330), 0.0);
    assert_eq!(connection.handle(Input::TimerFired, at(330), 0.0), [Effect::OpenSocket(None)]);
}

#[test]
fn reconnects_when_a_heartbeat_is_ahead_of_the_last_event() {
    let mut connection = live();
    assert_eq!(connection.handle(Input::Heartbeat(Some(10)), at(400), 0.0), []);
    assert_eq!(connection.handle(Input::Heartbeat(Some(11)), at(500), 0.0), [Effect::CloseSocket]);
}

#[test]
fn closes_the_socket_after_forty_seconds_of_silence() {
    let mut connection = live();
    assert_eq!(connection.deadline(), Some(at(40_100)));
    connection.handle(Input::Heartbeat(Some(10)), at(15_000), 0.0);
    assert_eq!(connection.handle(Input::TimerFired, at(54_999), 0.0), []);
    assert_eq!(connection.handle(Input::TimerFired, at(55_000), 0.0), [Effect::CloseSocket]);
}

#[test]
fn stops_on_the_close_codes_that_forbid_a_retry() {
    for (code, reason, stopped) in [
        (4500, "revoked", StopReason::Unauthorized),
        (4504, "too many sockets", StopReason::OverLimit("too many sockets".into())),
        (4504, "", StopReason::OverLimit("over a limit".into())),
    ] {
        let mut connection = live();
        connection.handle(Input::Closed { code, reason: reason.into() }, at(300), 0.0);
        assert_eq!(connection.status(at(300)), ConnectionStatus::Stopped { reason: stopped });
        assert_eq!(connection.deadline(), None);
        assert_eq!(connection.handle(Input::TimerFired, at(90_000), 0.0), []);
        assert_eq!(connection.handle(Input::RetryRequested, at(90_001), 0.0), [Effect::OpenSocket(Some(cursor(10)))]);
    }
}

#[test]
fn loads_the_rows_of_a_server_that_sends_no_hello() {
    let mut connection = Connection::new(at(0));
    connection.handle(Input::TimerFired, at(0), 0.0);
    connection.handle(Input::Opened, at(10), 0.0);
    assert_eq!(connection.deadline(), Some(at(2_010)));
    assert_eq!(connection.handle(Input::TimerFired, at(2_010), 0.0), [Effect::LoadRows]);
    assert_eq!(connection.check_sequence(None, at(2_100)), SequenceCheck::Next);
    connection.handle(Input::RowsLoaded, at(2_200), 0.0);
    assert_eq!(connection.status(at(2_200)), ConnectionStatus::Live);
    assert_eq!(connection.deadline(), None, "it has sent no heartbeat");
    connection.handle(Input::Closed { code: 1006, reason: String::new() }, at(3_000), 0.0);
    assert_eq!(connection.handle(Input::TimerFired, at(3_000), 0.0), [Effect::OpenSocket(None)]);
    assert_eq!(connection.handle(Input::Opened, at(3_010), 0.0), [Effect::LoadRows], "the kind of server is known");
}

#[test]
fn loads_the_rows_when_an_event_comes_before_the_hello() {
    let mut connection = Connection::new(at(0));
    connection.handle(Input::TimerFired, at(0), 0.0);
    connection.handle(Input::Opened, at(10), 0.0);
    assert_eq!(connection.handle(Input::EventBeforeHello, at(20), 0.0), [Effect::LoadRows]);
    assert_eq!(connection.handle(hello(5, false), at(30), 0.0), [Effect::LoadSnapshot], "the hello was only late");
}

#[test]
fn loads_a_snapshot_when_the_same_gap_comes_again() {
    let mut connection = live();
    for opened in [Some(cursor(10)), None] {
        connection.handle(Input::GapDetected, at(300), 0.0);
        assert_eq!(connection.handle(Input::TimerFired, at(300), 0.0), [Effect::OpenSocket(opened)]);
        connection.handle(Input::Opened, at(310), 0.0);
        connection.handle(hello(20, true), at(320), 0.0);
    }
}

#[test]
fn loads_the_rows_when_there_is_no_snapshot() {
    let mut connection = Connection::new(at(0));
    connection.handle(Input::TimerFired, at(0), 0.0);
    connection.handle(Input::Opened, at(10), 0.0);
    connection.handle(hello(0, false), at(20), 0.0);
    assert_eq!(connection.handle(Input::LoadFailed(LoadFailure::NotFound), at(30), 0.0), [Effect::LoadRows]);
}

#[test]
fn is_offline_after_half_a_minute_and_keeps_trying() {
    let mut connection = live();
    connection.handle(Input::Closed { code: 1006, reason: String::new() }, at(1_000), 1.0);
    let mut now = 1_000;
    while now < 31_000 {
        now = connection.deadline().unwrap().millis();
        let effects = connection.handle(Input::TimerFired, at(now), 1.0);
        assert!(matches!(effects[..], [Effect::OpenSocket(_)]));
        connection.handle(Input::Closed { code: 1006, reason: String::new() }, at(now), 1.0);
    }
    assert_eq!(connection.status(at(now)), ConnectionStatus::Offline { since: at(1_000) });
    assert!(connection.deadline().is_some());
}

#[test]
fn ignores_rows_that_arrive_after_a_late_hello() {
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
fn refuses_a_snapshot_older_than_the_hello() {
    let mut connection = Connection::new(at(0));
    connection.handle(Input::TimerFired, at(0), 0.0);
    connection.handle(Input::Opened, at(10), 0.0);
    connection.handle(hello(5, false), at(20), 0.0);
    assert_eq!(connection.handle(Input::SnapshotLoaded(cursor(4)), at(30), 0.0), [Effect::CloseSocket]);
    assert_eq!(connection.handle(Input::TimerFired, at(60), 0.0), [Effect::OpenSocket(None)]);
}

#[test]
fn loads_a_new_state_after_a_state_mismatch() {
    let mut connection = live();
    assert_eq!(connection.handle(Input::StateMismatch, at(300), 0.0), [Effect::CloseSocket]);
    assert_eq!(connection.handle(Input::StateMismatch, at(300), 0.0), [], "the socket is closed already");
    assert_eq!(connection.handle(Input::TimerFired, at(300), 0.0), [Effect::OpenSocket(None)]);
}

#[test]
fn only_a_retry_of_the_user_ends_a_stop() {
    let mut connection = live();
    connection.handle(Input::Closed { code: 4504, reason: String::new() }, at(300), 0.0);
    assert_eq!(connection.handle(Input::NetworkRestored, at(400), 0.0), []);
    assert_eq!(connection.handle(Input::RetryRequested, at(500), 0.0).len(), 1);
}
