//! The real binary as a process that can be killed. Never in this process: its end must be sudden.

use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

pub struct Binary {
    child: Child,
    pub url: String,
}

impl Binary {
    pub async fn start(folder: &Path) -> Self {
        Self::spawn(command(folder, ":").await.stderr(Stdio::null())).await
    }

    /// After a line of shell, as `umask 0`.
    pub async fn start_after(shell: &str, folder: &Path) -> Self {
        Self::spawn(command(folder, shell).await.stderr(Stdio::null())).await
    }

    /// What a server that does not start says instead.
    pub async fn refused(folder: &Path) -> String {
        let output = command(folder, ":").await.output().await.unwrap();
        assert!(!output.status.success(), "it started");
        String::from_utf8(output.stderr).unwrap()
    }

    /// With these environment variables.
    pub async fn start_with(folder: &Path, environment: &[(&str, &Path)]) -> Self {
        Self::spawn(command(folder, ":").await.envs(environment.iter().copied()).stderr(Stdio::null())).await
    }

    async fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().expect("the server says where it listens");
        let url = line.strip_prefix("listening on ").expect("the words of the contract").to_owned();
        Self { child, url }
    }

    pub fn id(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// SIGTERM, and waits until it is gone.
    pub async fn stop(&mut self) {
        let pid = rustix::process::Pid::from_raw(self.id() as i32).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        assert!(self.child.wait().await.unwrap().success());
    }

    /// The most memory that the process has held at any time, in bytes.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id().unwrap())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// SIGKILL, and waits until it is gone.
    pub async fn kill(&mut self) {
        self.child.start_kill().unwrap();
        self.child.wait().await.unwrap();
    }

    pub async fn get(&self, path: &str) -> Value {
        let answer = reqwest::get(format!("{}{path}", self.url)).await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    /// None when there was no answer.
    pub async fn post(&self, path: &str, body: Value) -> Option<Value> {
        let answer = reqwest::Client::new().post(format!("{}{path}", self.url)).json(&body).send().await.ok()?;
        assert!(answer.status().is_success(), "{path} {}", answer.status());
        answer.json().await.ok()
    }

    /// Every event from the first on.
    pub async fn log(&self) -> Vec<Value> {
        let mut events: Vec<Value> = Vec::new();
        loop {
            let page = self.get(&format!("/events?limit=1000&since={}", events.len())).await;
            match page.as_array().unwrap() {
                page if page.is_empty() => return events,
                page => events.extend(page.clone()),
            }
        }
    }
}

/// The shell becomes the server, so its number is the server's.
async fn command(folder: &Path, shell: &str) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("{shell}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_orrery-server")])
        .args(["--listen", "127.0.0.1:0", "--data-dir", folder.to_str().unwrap()])
        .args(crate::engine::flags(folder).await)
        .stdin(Stdio::null());
    command
}
