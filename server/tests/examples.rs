//! The agents that people read, as real processes: they join, do a workflow's work, and hear. The demo: it is there once.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::runner::{ask, ended, execute, step_of};
use crate::support::Server;

/// Starts it and answers with its workspace's id.
async fn start(
    server: &Server,
    mut command: Command,
    name: &str,
) -> (Child, String, tokio::sync::mpsc::Receiver<String>) {
    let mut child = command
        .arg(name)
        .env("PLATFORM_URL", server.url(""))
        .env("AGENT_SECONDS", "0.1")
        .env_remove("WORKSPACE_ID")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next_line().await.unwrap().expect("it says who it is");
    let id = first.split(' ').nth(2).unwrap().to_owned();
    let (said, heard) = tokio::sync::mpsc::channel(1000);
    tokio::spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            let _ = said.send(line).await;
        }
    });
    (child, id, heard)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_agents_work() {
    let build = Command::new(env!("CARGO"))
        .args(["build", "-q", "-p", "orrery-server", "--example", "agent"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(build.await.unwrap().success());
    let folder = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().to_owned();
    let server = Server::start().await;
    let rust = Command::new(folder.join("examples/agent"));
    let (_rust, ada, mut heard) = start(&server, rust, "Ada").await;
    let mut python = Command::new("python3");
    python.args(["-u", concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/agent.py")]);
    let (_python, bob, mut heard_too) = start(&server, python, "Bob").await;
    server.until(&bob, |row| row["status"] == "online").await;

    let steps = json!([
        ask("one", &ada, "Read the mail", &[]),
        ask("two", &bob, "Answer: ${steps.one.output.text}", &["one"]),
        ask("three", &bob, "Now fail", &["two"]),
    ]);
    let id = execute(&server, steps, json!({})).await;
    let done = ended(&server, &id).await;
    assert_eq!(step_of(&done, "two")["output_data"]["text"], "Done: Answer: Done: Read the mail");
    assert_eq!(step_of(&done, "three")["error_message"], "I could not do this: Now fail");
    for heard in [&mut heard, &mut heard_too] {
        let mut lines = Vec::new();
        while !lines.iter().any(|line: &String| line.contains("TASK_UPDATED") && line.contains(&bob)) {
            lines.push(heard.recv().await.expect("it hears of its sibling and of itself"));
        }
    }
    for id in [&ada, &bob] {
        server.until(id, |row| row["current_task"] == "").await;
        let activity = server.get(&format!("/workspaces/{id}/activity?type=agent_log")).await.ok();
        assert!(!activity.as_array().unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_there_once_however_often_it_starts() {
    let demo = |config: &mut orrery_server::config::Config| config.demo = Some(14);
    let mut folder = tempfile::tempdir().unwrap();
    let mut before: Vec<String> = Vec::new();
    for _ in 0..2 {
        let server = Server::again(folder, demo).await;
        let online = |rows: &Value| rows.as_array().unwrap().iter().filter(|row| row["status"] == "online").count();
        let mut rows = server.get("/workspaces").await.ok();
        // One of them never starts by itself.
        while online(&rows) < 12 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            rows = server.get("/workspaces").await.ok();
        }
        let mut ids: Vec<String> =
            rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        assert_eq!(ids.len(), 14);
        assert!(before.is_empty() || before == ids, "the same workspaces");
        before = ids;
        folder = server.stop().await;
    }
}
