//! The table of limits in docs/operations.md, row by row: each limit is provoked, and what the client receives is what the
//! table says. A row without a check fails, and so does a check without a row.

mod connections;
mod json;
mod lookups;
mod quotas;
mod requests;
mod runner;
mod sockets;
mod texts;

use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use clap::CommandFactory;
use futures_util::FutureExt;
use futures_util::future::join_all;
use orrery_server::config::Config;
use orrery_server::limits::Limits;

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Row {
    pub limit: String,
    pub default: String,
    pub flag: String,
    pub beyond: String,
}

/// Provokes a limit and returns what the client received, as the table writes it.
type Check = fn(Row) -> Pin<Box<dyn Future<Output = String>>>;

/// Makes a check of an async function, found by how its row begins.
macro_rules! check {
    ($row:literal, $check:path) => {
        ($row, (|row| Box::pin($check(row))) as Check)
    };
}

#[rustfmt::skip]
const CHECKS: &[(&str, Check)] = &[
    check!("connections", connections::all),
    check!("connections of an address (an IPv6 network of 64 bits is one)", connections::of_an_address),
    check!("connections that an address opens in a second", connections::opened_by_an_address),
    check!("requests of a workspace in a second", quotas::requests),
    check!("requests of a workspace that wait for the writer", quotas::waiting_requests),
    check!("events of a workspace in a second", quotas::events),
    check!("bytes of a workspace's events in a second", quotas::bytes),
    check!("children that one request expands into", quotas::children_of_a_request),
    check!("workspaces below a root that agents expand", quotas::children_of_a_tree),
    check!("processes below a root that agents expand", quotas::processes_of_a_tree),
    check!("head of a request", requests::head),
    check!("headers of a request", requests::headers),
    check!("body of a request", requests::body),
    check!("time for the head of a request", connections::time_for_a_head),
    check!("time for a request", requests::time),
    check!("rest between two requests of a connection", connections::rest),
    check!("time in which a client takes nothing of its answer", connections::takes_nothing),
    check!("levels of nested lists and objects, wherever JSON comes in", json::depth),
    check!("number in JSON", json::number),
    check!("what an error repeats of a request", json::repeated_in_an_error),
    check!("id, wherever one is expected", json::id),
    check!("distance of `x` and `y` from the middle", json::position),
    check!("`timestamp` of a run event ahead of the server's clock", json::future_timestamp),
    check!("tokens that nobody knows, looked up in a second (PostgreSQL)", lookups::unknown_tokens),
    check!("`Idempotency-Key`", requests::idempotency_key),
    check!("time for which the outcome of an `Idempotency-Key` is known", requests::outcomes),
    check!("outcomes and events known by their keys", requests::keys),
    check!("bytes that a subscriber is behind", connections::subscriber_behind),
    check!("WebSocket message of a client", connections::message),
    check!("events after which an agent's socket can be resumed", sockets::events_for_an_agent),
    check!("bytes of events after which an agent's socket can be resumed", sockets::bytes_for_an_agent),
    check!("rest of a server that stops, for requests and sockets in hand", sockets::rest_of_a_stopping_server),
    check!("`name`, `role`, `model`, `runtime`, `activity_type`", texts::names),
    check!("`url` of an agent", texts::url),
    check!("`current_task` of a heartbeat", texts::current_task),
    check!("`sample_error` of a heartbeat", texts::sample_error),
    check!("`summary` of an activity", texts::summary),
    check!("`method` and `status` of an activity", texts::labels),
    check!("`reason` and `feedback`", texts::reasons),
    check!("`message` of a run event", texts::message),
    check!("`event_type` of a run event", texts::event_type),
    check!("`id` of a run event", texts::event_id),
    check!("workspaces asked about in one `POST /registry/heard`", requests::heard),
    check!("rows of `GET /events`", requests::page_of_events),
    check!("rows of activities and executions", requests::page_of_activities),
    check!("rows of workflows and tasks", requests::definitions),
    check!("executions, and runs, in a snapshot that ended", requests::ended_in_a_snapshot),
    check!("executions, and runs, in a snapshot that are under way", requests::under_way_in_a_snapshot),
    check!("states of agents in a snapshot", requests::agents_in_a_snapshot),
    check!("steps of an execution that other systems report", requests::reported_steps),
    check!("executions at once on one server, runs of tasks included", runner::executions),
    check!("steps that wait at once on one server", runner::waits),
    check!("steps of a workflow", runner::steps),
    check!("`name` of a workflow or a step", runner::names),
    check!("`max_retries` of a step", runner::retries),
    check!("`timeout_seconds`, `retry_backoff_seconds`, `seconds`", runner::seconds),
    check!("pause before another attempt of a step", runner::pause),
    check!("`condition_expression`", runner::condition),
    check!("levels of a `condition_expression`", runner::levels_of_a_condition),
    check!("texts of a step once its variables are filled in", runner::texts_of_a_step),
    check!("answer of an agent or an `http` step", runner::answer),
    check!("redirects of a call to an agent or of an `http` step", runner::redirects),
    check!("event, or body of an activity", runner::events_and_bodies),
    check!("message of a step on its workspace's card", runner::message_on_the_card),
    check!("resumptions of an execution that ended the server", runner::resumptions),
];

/// Those that wait for real time, side by side with the others.
#[rustfmt::skip]
const SLOW_CHECKS: &[(&str, Check)] = &[
    check!("silence of a WebSocket client, ten seconds of it after a ping", sockets::silence),
    check!("time in which a WebSocket client takes nothing", sockets::takes_nothing),
    check!("time in which a client answers the close of its WebSocket", sockets::answer_to_a_close),
    check!("time to connect to an agent or for an `http` step", runner::connecting),
    check!("time in which an agent's process ends after it is asked to", sockets::end_of_a_process),
];

fn table() -> Vec<Row> {
    let page = include_str!("../../../docs/operations.md");
    let section = page.split("## Limits\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let lines = section.lines().filter(|line| line.starts_with('|')).skip(2);
    let rows = lines.map(|line| {
        let cells: Vec<String> = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
        let [limit, default, flag, beyond] =
            cells.try_into().unwrap_or_else(|cells| panic!("not four cells: {cells:?}"));
        Row { limit, default, flag, beyond }
    });
    rows.collect()
}

impl Row {
    /// The default as a number: `4 KiB` is 4096.
    pub fn amount(&self) -> usize {
        let (number, unit) = self.default.split_once(' ').unwrap_or((&self.default, ""));
        let factor = match unit {
            "" | "s" | "bytes" | "pixels" => 1,
            "KiB" => 1024,
            "MiB" => 1024 * 1024,
            other => panic!("{other} is no unit"),
        };
        number.parse::<usize>().unwrap() * factor
    }
}

#[test]
fn every_row_has_a_check_and_every_check_a_row() {
    let rows: Vec<String> = table().into_iter().map(|row| row.limit).collect();
    let checks: Vec<&str> = CHECKS.iter().chain(SLOW_CHECKS).map(|(row, _)| *row).collect();
    let unchecked: Vec<_> = rows.iter().filter(|row| !checks.contains(&row.as_str())).collect();
    assert!(unchecked.is_empty(), "these rows of docs/operations.md have no check: {unchecked:#?}");
    let gone: Vec<_> = checks.iter().filter(|check| !rows.iter().any(|row| row == *check)).collect();
    assert!(gone.is_empty(), "these checks have no row in docs/operations.md: {gone:#?}");
    assert_eq!(rows.len(), checks.len(), "a row or a check is there twice");
}

#[test]
fn every_flag_has_the_default_that_is_written() {
    let command = Config::command();
    for row in table().iter().filter(|row| row.flag != "fixed") {
        let name = row.flag.trim_matches('`').trim_start_matches("--");
        let flag = command.get_arguments().find(|argument| argument.get_long() == Some(name));
        let flag = flag.unwrap_or_else(|| panic!("{} is no flag", row.flag));
        let default = flag.get_default_values().first().unwrap().to_str().unwrap();
        assert_eq!(default, row.default, "{}", row.limit);
        assert!(flag.get_env().is_some(), "{} is no environment variable", row.flag);
    }
}

#[test]
fn every_time_that_checks_shorten_has_the_default_that_is_written() {
    let Limits { head, request, rest, write, farewell, .. } = Limits::default();
    for (limit, default) in [
        ("time for the head of a request", head),
        ("time for a request", request),
        ("rest between two requests of a connection", rest),
        ("time in which a client takes nothing of its answer", write),
        ("rest of a server that stops, for requests and sockets in hand", farewell),
    ] {
        let row = table().into_iter().find(|row| row.limit == limit).unwrap();
        assert_eq!(row.default, format!("{} s", default.as_secs()), "{limit}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn beyond_each_limit_the_client_receives_what_is_written() {
    let side_by_side = join_all(SLOW_CHECKS.iter().map(wrong));
    let (slow, others) = tokio::join!(side_by_side, in_turn(CHECKS));
    let wrong: Vec<String> = slow.into_iter().chain(others).flatten().collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Checks one row and returns what is wrong with it.
async fn wrong((limit, check): &(&str, Check)) -> Option<String> {
    let row = table().into_iter().find(|row| row.limit == *limit)?;
    let beyond = row.beyond.clone();
    let received = AssertUnwindSafe(check(row)).catch_unwind().await.unwrap_or_else(|_| "a failed check".into());
    (received != beyond).then(|| format!("{limit}: {received}, not {beyond}"))
}

async fn in_turn(checks: &[(&str, Check)]) -> Vec<Option<String>> {
    let mut all = Vec::new();
    for check in checks {
        all.push(wrong(check).await);
    }
    all
}
