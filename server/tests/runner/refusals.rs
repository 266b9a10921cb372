//! A log that refuses what an execution did: the execution ends with the reason instead of trying for ever.

use serde_json::json;

use super::agents::Agent;
use super::{ask, assert_ended_once, ended, execute, step_of};
use crate::engine;
use crate::support::Server;

#[tokio::test(flavor = "multi_thread")]
async fn an_execution_whose_outcome_the_log_refuses_is_failed() {
    let server = Server::start().await;
    let folder = server.stop().await;
    engine::refuse_run_events(folder.path(), "done: Poison").await;
    let server = Server::again(folder, |_| {}).await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    let steps = json!([ask("ask", &ada.id, "Poison", &[]), ask("other", &ada.id, "Other", &[])]);
    let id = execute(&server, steps, json!({})).await;
    let done = ended(&server, &id).await;
    assert_eq!(done["status"], "failed");
    let reason = done["error_message"].as_str().unwrap();
    assert!(reason.starts_with("what a step did could not be saved"), "{reason}");
    assert_eq!(step_of(&done, "ask")["status"], "failed");
    assert_ended_once(&server.log().await, &id);
    // Everything else goes on.
    let id = execute(&server, json!([ask("ask", &ada.id, "Next", &[])]), json!({})).await;
    assert_eq!(ended(&server, &id).await["status"], "completed");
    let row = server.row(&ada.id).await;
    assert_eq!((&row["current_task"], &row["active_tasks"]), (&json!(""), &json!(0)));
}
