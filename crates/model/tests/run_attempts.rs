//! Attempts of runs that start again under the same id.
#![allow(clippy::unwrap_used)]

mod support;

use orrery_model::{Canvas, Changes, Runs};
use orrery_protocol::EventEnvelope;
use serde_json::{Value, json};
use support::canvas_after;

#[test]
fn a_run_that_starts_again_is_a_second_attempt_in_any_order_of_arrival() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../../../tests/cases/run_attempts.json")).unwrap();
    for case in cases {
        let run_event = |event: &Value| {
            let (second, kind) = (event[0].as_u64().unwrap() as usize, event[1].as_str().unwrap());
            support::event(second, kind, json!({ "run_id": "r" }), json!({ "error": format!("error at {second}") }))
        };
        let events: Vec<EventEnvelope> = case["events"].as_array().unwrap().iter().map(run_event).collect();
        let in_order = canvas_after(&events);
        let id = "r".parse().unwrap();
        let expected = in_order.runs().run(&id).unwrap();
        assert_eq!(json!([expected.attempt, expected.status]), case["attempt_and_status"], "{case}");
        if case["in_any_order"] == false {
            continue;
        }
        for order in permutations(events.len()) {
            let shuffled: Vec<_> = order.iter().map(|at| &events[*at]).collect();
            let twice = canvas_after(shuffled.iter().flat_map(|event| [*event, *event]));
            let first = canvas_after(shuffled[..2].iter().copied());
            let mut resumed = Canvas::new().with_runs(Runs::from_records([], first.runs().runs().cloned(), []));
            for envelope in &shuffled[2..] {
                resumed.fold(&envelope.event, &mut Changes::default());
            }
            for canvas in [&twice, &resumed] {
                let run = canvas.runs().run(&id).unwrap();
                assert_eq!(
                    (run.attempt, &run.status, run.completed_at),
                    (expected.attempt, &expected.status, expected.completed_at),
                    "{case} {order:?}"
                );
                assert_eq!((&run.starts, &run.ends), (&expected.starts, &expected.ends), "{case} {order:?}");
            }
            assert_eq!(resumed.runs().run(&id), twice.runs().run(&id), "{case} {order:?}");
            assert_eq!(resumed.hash(), twice.hash());
        }
    }
}

fn permutations(length: usize) -> Vec<Vec<usize>> {
    match length {
        0 => vec![Vec::new()],
        _ => permutations(length - 1)
            .into_iter()
            .flat_map(|shorter| {
                (0..length).map(move |at| {
                    let mut order = shorter.clone();
                    order.insert(at, length - 1);
                    order
                })
            })
            .collect(),
    }
}
