//! The wall clock is set forward and back under a running server: waits, time-outs and heartbeats take as long as before.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::binary::Binary;
use crate::runner::{step, step_of, with};

const TWO_HOURS: i64 = 7200;

/// A server whose wall clock can be set.
struct Clock {
    folder: tempfile::TempDir,
    library: PathBuf,
}

impl Clock {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join("set_clock.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clock/set.c");
        let compiled =
            Command::new("cc").args(["-shared", "-fPIC", "-o"]).args([&library, &source]).arg("-ldl").status();
        assert!(compiled.unwrap().success());
        let clock = Self { folder, library };
        clock.set(0);
        clock
    }

    fn set(&self, seconds_ahead: i64) {
        // Renamed into place: the server reads it at any moment.
        let new = self.folder.path().join("new");
        std::fs::write(&new, seconds_ahead.to_string()).unwrap();
        std::fs::rename(new, self.offset()).unwrap();
    }

    fn offset(&self) -> PathBuf {
        self.folder.path().join("offset")
    }

    async fn start(&self) -> Binary {
        let data = self.folder.path().join("data");
        std::fs::create_dir_all(&data).unwrap();
        Binary::start_with(&data, &[("LD_PRELOAD", &self.library), ("WALL_CLOCK_OFFSET", &self.offset())]).await
    }
}

async fn begin(server: &Binary, steps: Value) -> String {
    let workflow = json!({ "name": "W", "steps": steps, "timeout_seconds": 3000 });
    let made = server.post("/api/workflows", workflow).await.unwrap();
    let path = format!("/api/workflows/{}/execute", made["workflow_id"].as_str().unwrap());
    server.post(&path, json!({})).await.unwrap()["execution_id"].as_str().unwrap().to_owned()
}

async fn until(server: &Binary, id: &str, what: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..3000 {
        let now = server.get(&format!("/api/workflows/executions/{id}")).await;
        if what(&now) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it never came to be so: {}", server.get(&format!("/api/workflows/executions/{id}")).await);
}

fn steps() -> Value {
    json!([
        step("short", "wait", json!({ "seconds": 1.5 }), &[]),
        step("long", "wait", json!({ "seconds": 3600 }), &[]),
        with(step("patient", "approval", json!({}), &[]), json!({ "timeout_seconds": 3600 })),
        with(step("impatient", "approval", json!({}), &[]), json!({ "timeout_seconds": 1.6 })),
    ])
}

fn is_terminal(execution: &Value, name: &str) -> bool {
    step_of(execution, name)["completed_at"].is_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn setting_the_clock_neither_fires_nor_freezes_what_waits() {
    let clock = Clock::new();
    let mut server = clock.start().await;
    let id = server.post("/workspaces", json!({ "name": "Ada" })).await.unwrap()["id"].as_str().unwrap().to_owned();
    let beat = json!({ "workspace_id": id, "error_rate": 0.0, "active_tasks": 0, "uptime_seconds": 1 });
    server.post("/registry/heartbeat", beat).await.unwrap();

    for ahead in [TWO_HOURS, -TWO_HOURS, 0] {
        let execution = begin(&server, steps()).await;
        clock.set(ahead);
        let now = until(&server, &execution, |it| is_terminal(it, "short") && is_terminal(it, "impatient")).await;
        assert_eq!(step_of(&now, "short")["status"], "completed");
        assert_eq!(step_of(&now, "impatient")["error_message"], "nobody decided: timed out after 1.6 s");
        // The same tick looked at these.
        assert!(!is_terminal(&now, "long") && !is_terminal(&now, "patient"), "{now}");
        assert_eq!(server.get("/workspaces").await[0]["status"], "online");

        // What is stored follows the clock that is read after the restart.
        server.kill().await;
        server = clock.start().await;
        let again = begin(&server, json!([step("short", "wait", json!({ "seconds": 0.5 }), &[])])).await;
        until(&server, &again, |it| it["completed_at"].is_string()).await;
        let now = until(&server, &execution, |_| true).await;
        assert!(!is_terminal(&now, "long") && !is_terminal(&now, "patient"), "{now}");
        let beat = json!({ "workspace_id": id, "error_rate": 0.0, "active_tasks": 0, "uptime_seconds": 1 });
        server.post("/registry/heartbeat", beat).await.unwrap();
    }
}
