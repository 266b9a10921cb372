//! Which definitions are taken and which are refused, with the names in the refusal.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn check(steps: Value) -> Result<Definition, String> {
    let workflow = json!({ "name": "W", "steps": steps, "variables": ["a", { "name": "b", "required": true }] });
    Definition::check(serde_json::from_value(workflow).unwrap()).map_err(|error| error.to_string())
}

fn wait(name: &str, after: &[&str]) -> Value {
    json!({ "name": name, "step_type": "wait", "config": { "seconds": 0.5 }, "depends_on_steps": after })
}

#[test]
fn a_definition_is_read_with_its_dependencies() {
    let definition = check(json!([
        wait("first", &[]),
        { "name": "ask", "step_type": "agent", "workspace_id": "ws-1", "config": { "message": "Hi ${a}" },
          "depends_on_steps": ["first", "first"], "timeout_seconds": 2, "max_retries": 3,
          "condition_expression": "${a} == 'x'", "retry_backoff_seconds": 0.25 },
    ]))
    .unwrap();
    let ask = &definition.steps[1];
    assert_eq!((&*ask.depends_on, ask.timeout, ask.max_retries, ask.backoff), (&[0][..], Some(2000), 3, 250));
    assert!(ask.condition.is_some());
    assert_eq!(definition.variables(Map::new()).unwrap_err().to_string(), "the variable `b` is required");
    let given = json!({ "b": 1, "extra": 2 }).as_object().unwrap().clone();
    let variables = definition.variables(given).unwrap();
    assert_eq!((variables.get("a"), variables.get("extra")), (Some(&Value::Null), Some(&json!(2))));
}

#[test]
fn what_asks_others_has_an_end_unless_it_says_otherwise() {
    let timeout = |kind: &str, config: Value, said: Option<f64>| {
        let step =
            json!([{ "name": "s", "step_type": kind, "config": config, "workspace_id": "w", "timeout_seconds": said }]);
        check(step).unwrap().steps[0].timeout
    };
    assert_eq!(timeout("agent", json!({ "message": "Hi" }), None), Some(1_800_000));
    assert_eq!(timeout("http", json!({ "url": "http://x/" }), None), Some(60_000));
    assert_eq!(timeout("http", json!({ "url": "http://x/" }), Some(7.5)), Some(7_500));
    assert_eq!(timeout("approval", json!({}), None), None, "people may take their time");
}

#[test]
fn what_is_wrong_is_named() {
    let step = |extra: Value| {
        let mut step = json!({ "name": "s", "step_type": "wait", "config": { "seconds": 1 } });
        step.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!([step])
    };
    for (steps, error) in [
        (json!([]), "a workflow has 1 to 200 steps, not 0"),
        (step(json!({ "name": " " })), "step 1 needs a name of 1 to 128 characters"),
        (json!([wait("a", &[]), wait("a", &[])]), "two steps are named `a`"),
        (json!([wait("a", &["b"])]), "step `a` depends on `b`, which is not a step of this workflow"),
        (json!([wait("a", &["a"])]), "the steps wait for each other in a circle: a → a"),
        (
            json!([wait("start", &[]), wait("a", &["c", "start"]), wait("b", &["a"]), wait("c", &["b"])]),
            "the steps wait for each other in a circle: a → c → b → a",
        ),
        (
            step(json!({ "condition_expression": "1 ==" })),
            "step `s`: condition_expression at character 5: expected a value, found the end",
        ),
        (
            step(json!({ "step_type": "shell" })),
            "step `s`: step_type is agent, http, condition, approval or wait, not \"shell\"",
        ),
        (
            step(json!({ "step_type": "agent", "config": { "message": "x" } })),
            "step `s`: an agent step needs a workspace_id, or agent_requirements with a role or skills",
        ),
        (step(json!({ "step_type": "agent", "workspace_id": "w" })), "step `s`: config.message is missing"),
        (
            step(json!({ "step_type": "http", "config": { "url": "http://x", "method": "brew" } })),
            "step `s`: config.method is one of GET POST PUT PATCH DELETE HEAD, not \"BREW\"",
        ),
        (step(json!({ "step_type": "condition" })), "step `s`: a condition step needs its condition_expression"),
        (step(json!({ "config": { "seconds": -1 } })), "step `s`: config.seconds is a positive number, not -1"),
        (
            step(json!({ "timeout_seconds": 0 })),
            "step `s`: timeout_seconds is a positive number of at most a year, not 0",
        ),
        (step(json!({ "max_retries": 99 })), "step `s`: max_retries is at most 20, not 99"),
    ] {
        assert_eq!(check(steps.clone()).unwrap_err(), error, "{steps}");
    }
}

proptest! {
    /// Oracle: Kahn's algorithm is not used here; a circle exists exactly when some step reaches itself.
    #[test]
    fn exactly_the_circles_are_refused(edges in prop::collection::vec((0..7usize, 0..7usize), 0..12)) {
        let names: Vec<String> = (0..7).map(|at| format!("s{at}")).collect();
        let after = |step: usize| edges.iter().filter(|edge| edge.0 == step).map(|edge| &*names[edge.1]).collect::<Vec<_>>();
        let steps: Vec<Value> = (0..7).map(|step| wait(&names[step], &after(step))).collect();
        let mut reach = [[false; 7]; 7];
        edges.iter().for_each(|&(from, to)| reach[from][to] = true);
        for via in 0..7 { for from in 0..7 { for to in 0..7 { reach[from][to] |= reach[from][via] && reach[via][to]; } } }
        let circular = (0..7).any(|step| reach[step][step]);
        match Definition::check(serde_json::from_value(json!({ "name": "W", "steps": steps })).unwrap()) {
            Ok(_) => prop_assert!(!circular),
            Err(BadDefinition::Cycle(path)) => {
                prop_assert!(circular && path.len() > 1 && path.first() == path.last());
                let place = |name: &String| names.iter().position(|it| it == name).unwrap();
                for pair in path.windows(2) {
                    prop_assert!(edges.contains(&(place(&pair[0]), place(&pair[1]))));
                }
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}
