//! Every workflow of `data/run_if.json`: which steps run after steps that were skipped or failed.

use serde_json::{Value, json};

use super::{ended, step, step_of, with};
use crate::support::Server;

/// `[name, how it ends once it runs, depends_on_steps?, run_if?]` as a step.
fn planned(row: &Value) -> Value {
    let after: Vec<&str> = row[2].as_array().into_iter().flatten().map(|name| name.as_str().unwrap()).collect();
    let condition = match row[1].as_str().unwrap() {
        "ok" => "true",
        "skip" => "false",
        "fail" => "${unset}",
        other => panic!("{other} is no outcome"),
    };
    let step = step(row[0].as_str().unwrap(), "condition", json!({}), &after);
    let step = with(step, json!({ "condition_expression": condition }));
    if row.as_array().unwrap().len() > 3 { with(step, json!({ "run_if": row[3] })) } else { step }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_runs_after_the_outcomes_that_its_run_if_names() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../data/run_if.json")).unwrap();
    let server = Server::start().await;
    for case in cases {
        let rows = case["steps"].as_array().unwrap();
        let steps: Vec<Value> = rows.iter().map(planned).collect();
        let answer = server.post("/api/workflows", json!({ "name": "W", "steps": steps })).await;
        if let Some(error) = case["error"].as_str() {
            let refused = answer.refused(400);
            assert!(refused.starts_with(error), "{case}: {refused}");
            continue;
        }
        let workflow = answer.ok();
        for (row, step) in rows.iter().zip(workflow["steps"].as_array().unwrap()) {
            assert_eq!(step["run_if"], row[3].as_str().unwrap_or("all_succeeded"), "{case}");
        }
        let path = format!("/api/workflows/{}/execute", workflow["workflow_id"].as_str().unwrap());
        let begun = server.post(&path, json!({})).await.ok();
        let done = ended(&server, begun["execution_id"].as_str().unwrap()).await;
        let ends: Vec<&Value> = rows.iter().map(|row| &step_of(&done, row[0].as_str().unwrap())["status"]).collect();
        assert_eq!(json!(ends), case["ends"], "{case}");
        assert_eq!(done["status"], case["status"], "{case}");
        let skipped = ends.iter().filter(|end| **end == "skipped").count();
        assert_eq!(done["skipped_steps"], skipped, "{case}");
    }
    let log = server.log().await;
    let started = log.iter().rfind(|event| event["event_type"] == "workflow_started").unwrap();
    assert_eq!(started["data"]["steps"][0]["run_if"], "all_succeeded");
}
