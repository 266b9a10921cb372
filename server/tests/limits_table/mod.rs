//! The table of limits in docs/operations.md, row by row: each limit is provoked, and what the client receives is what the
//! table says. A row without a check fails, and so does a check without a row.

mod connections;
mod quotas;
mod requests;
mod texts;

use std::pin::Pin;

use clap::CommandFactory;
use orrery_server::config::Config;

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
    check!("`Idempotency-Key`", requests::idempotency_key),
    check!("time for which the outcome of an `Idempotency-Key` is known", requests::outcomes),
    check!("bytes that a subscriber is behind", connections::subscriber_behind),
    check!("WebSocket message of a client", connections::message),
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
            "" | "s" => 1,
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
    let checks: Vec<&str> = CHECKS.iter().map(|(row, _)| *row).collect();
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

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn beyond_each_limit_the_client_receives_what_is_written() {
    let mut wrong = Vec::new();
    for row in table() {
        let Some((_, check)) = CHECKS.iter().find(|(limit, _)| *limit == row.limit) else { continue };
        let received = check(row.clone()).await;
        if received != row.beyond {
            wrong.push(format!("{}: {received}, not {}", row.limit, row.beyond));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
