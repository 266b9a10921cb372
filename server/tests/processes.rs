//! The provisioner `process:<command>`: one process a workspace, for as long as the workspace is there. The agents are
//! shell scripts that write down what they were told.

use std::path::Path;
use std::time::Duration;

use orrery_server::config::Provisioner;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Server, kinds};

async fn server_with(command: &str) -> (Server, tempfile::TempDir) {
    let notes = tempfile::tempdir().unwrap();
    let command = command.replace("NOTES", notes.path().to_str().unwrap());
    let server = Server::with(|config| config.provisioner = Provisioner::Process(command)).await;
    (server, notes)
}

/// The agent writes one line and sleeps; its shell and its child must both end.
const SLEEPER: &str = "echo $WORKSPACE_TOKEN $PLATFORM_URL $$ >> NOTES/$WORKSPACE_ID; sleep 600 & wait";

async fn until<T>(what: impl Fn() -> Option<T>) -> T {
    for _ in 0..3000 {
        if let Some(it) = what() {
            return it;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came to be so");
}

/// The words of the `n`th line that the agent wrote.
async fn line(notes: &Path, id: &str, n: usize) -> Vec<String> {
    until(|| {
        let text = std::fs::read_to_string(notes.join(id)).ok().filter(|text| text.ends_with('\n'))?;
        text.lines().nth(n).map(|line| line.split(' ').map(str::to_owned).collect())
    })
    .await
}

fn lives(process: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    !status.is_empty() && !status.contains("State:\tZ")
}

#[tokio::test]
async fn a_process_is_told_who_it_is_and_ends_with_its_workspace() {
    let (server, notes) = server_with(SLEEPER).await;
    let id = server.named("A").await;
    let told = line(notes.path(), &id, 0).await;
    assert_eq!(told[1], server.url(""));
    let beat = server.request(Method::POST, "/registry/heartbeat").bearer_auth(&told[0]);
    Answer::of(beat.json(&json!({ "workspace_id": id }))).await.ok();
    assert_eq!(server.row(&id).await["status"], "online");

    server.post(&format!("/workspaces/{id}/restart"), json!({})).await.ok();
    let again = line(notes.path(), &id, 1).await;
    assert_ne!(again[0], told[0]);
    assert!(!lives(&told[2]), "the old process ends before the new one starts");
    let old = server.request(Method::POST, "/registry/heartbeat").bearer_auth(&told[0]);
    Answer::of(old.json(&json!({ "workspace_id": id }))).await.refused(401);

    assert!(lives(&again[2]));
    server.delete(&format!("/workspaces/{id}")).await.ok();
    until(|| (!lives(&again[2])).then_some(())).await;
    assert_eq!(kinds(&server.log().await).last().unwrap(), "WORKSPACE_REMOVED", "nothing is told of a wanted end");
}

#[tokio::test]
async fn processes_stop_with_the_server_and_start_with_it() {
    let (server, notes) = server_with(SLEEPER).await;
    let team = server.named("Team").await;
    let said = json!({ "sub_workspaces": [{ "name": "a" }, { "name": "b" }] });
    let answer = server.post(&format!("/workspaces/{team}/expand"), said).await.ok();
    let mut ids = vec![team];
    ids.extend(answer["sub_workspace_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()));
    let mut first = Vec::new();
    for id in &ids {
        first.push(line(notes.path(), id, 0).await);
    }
    let command = match &server.running.app.config.provisioner {
        Provisioner::Process(command) => command.clone(),
        Provisioner::External => unreachable!(),
    };
    let folder = server.stop().await;
    assert!(first.iter().all(|told| !lives(&told[2])));
    let server = Server::again(folder, |config| config.provisioner = Provisioner::Process(command)).await;
    for id in &ids {
        let told = line(notes.path(), id, 1).await;
        let beat = server.request(Method::POST, "/registry/heartbeat").bearer_auth(&told[0]);
        Answer::of(beat.json(&json!({ "workspace_id": id }))).await.ok();
    }
    server.stop().await;
}

#[tokio::test]
async fn a_process_that_dies_while_starting_says_why() {
    let (server, _notes) = server_with("exit 3").await;
    let id = server.named("A").await;
    let row = server.until(&id, |row| row["status"] == "failed").await;
    assert!(row["failure"].as_str().unwrap().contains("exit status: 3"), "{}", row["failure"]);
    // One that was online is gone only when it is silent.
    let (server, notes) = server_with("echo . >> NOTES/started; while [ ! -e NOTES/go ]; do sleep 0.02; done").await;
    let id = server.named("B").await;
    server.beat(&id).await.ok();
    until(|| notes.path().join("started").exists().then_some(())).await;
    std::fs::write(notes.path().join("go"), "").unwrap();
    server.post(&format!("/workspaces/{id}/restart"), json!({})).await.ok();
    server.until(&id, |row| row["status"] == "failed").await;
    let told: Vec<Value> = server.log().await;
    assert_eq!(kinds(&told)[1..], ["WORKSPACE_ONLINE", "WORKSPACE_PROVISIONING", "WORKSPACE_PROVISION_FAILED"]);
}
