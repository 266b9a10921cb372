//! What comes from outside and cannot be kept or read as it is: it fails the one request or hides the one row, never more.

mod depth;
mod heads;
mod heartbeats;
mod panics;
mod rows;
mod sources;
mod texts;

use serde_json::Value;

use crate::support::{Answer, Server};

impl Server {
    /// A body as it is written, whatever JSON libraries think of it.
    pub async fn post_text(&self, path: &str, body: impl Into<String>) -> Answer {
        Answer::of(self.client.post(self.url(path)).body(body.into())).await
    }

    /// One of the numbers of `/metrics`.
    pub async fn metric(&self, name: &str) -> f64 {
        let text = match self.get("/metrics").await.ok() {
            Value::String(text) => text,
            other => panic!("metrics are text, not {other}"),
        };
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).map(str::to_owned);
        line.unwrap_or_else(|| panic!("no metric {name}")).parse().unwrap()
    }

    /// Every way to read the state answers.
    pub async fn assert_all_reads_answer(&self) {
        let rows = self.get("/workspaces").await.ok();
        for id in rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()) {
            for path in [
                format!("/workspaces/{id}"),
                format!("/workspaces/{id}/activity"),
                format!("/events/{id}"),
                format!("/registry/{id}/peers"),
            ] {
                self.get(&path).await.ok();
            }
        }
        for path in ["/workflows", "/workflows/executions", "/tasks"].map(|path| format!("/api{path}")) {
            self.get(&path).await.ok();
        }
        let executions = self.get("/api/workflows/executions").await.ok();
        for id in executions.as_array().unwrap().iter().map(|it| it["execution_id"].as_str().unwrap()) {
            self.get(&format!("/api/workflows/executions/{id}")).await.ok();
            self.get(&format!("/api/workflows/executions/{id}/timeline")).await.ok();
        }
        for path in ["/snapshot", "/canvas/viewport", "/health/ready", "/metrics"] {
            self.get(path).await.ok();
        }
        let log = self.log().await;
        let seqs: Vec<u64> = log.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
        assert_eq!(seqs, (1..=self.head().await).collect::<Vec<_>>(), "the log is whole");
    }
}
