//! A chromedriver with its Chromium, both of which end when it is dropped, also by a panic.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::program::Program;

pub struct Chromedriver {
    port: u16,
    session: Option<String>,
    profile: TempDir,
    _program: Program,
}

impl Chromedriver {
    pub async fn start() -> Self {
        let profile = tempfile::Builder::new().prefix("orrery-chromium-").tempdir();
        let profile = profile.expect("a temporary folder can be made");
        let path = env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
        let (program, port) = loop {
            let mut program = Program::start("chromedriver", Command::new(&path).arg("--port=0"));
            let port = program.try_line("chromedriver's port", |line| {
                line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()
            });
            match port.await {
                Ok(port) => break (program, port),
                // It chooses a port that is free for IPv6, which may be in use for IPv4.
                Err(_) if program.log().contains("Address already in use") => {}
                Err(status) => panic!("chromedriver ended with {status}:\n{}", program.log()),
            }
        };
        Self { port, session: None, profile, _program: program }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns the capabilities of a session: headless, with its own profile and the log of the console.
    pub fn capabilities(&self) -> Map<String, Value> {
        let profile = format!("--user-data-dir={}", self.profile.path().display());
        let mut arguments = vec![
            "--headless",
            "--no-sandbox", // Chromium refuses to run as root without it.
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--no-first-run",
            "--lang=en-US",
        ];
        arguments.push(&profile);
        let capabilities = json!({
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        });
        capabilities.as_object().cloned().expect("it is an object")
    }

    /// Sets the session, which is ended before chromedriver.
    pub fn set_session(&mut self, session: &str) {
        self.session = Some(session.to_owned());
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            self.end_session(&session);
        }
        kill_users_of(&self.profile.path().display().to_string());
    }
}

impl Chromedriver {
    /// Without the runtime, because a drop cannot wait for one.
    fn end_session(&self, session: &str) -> Option<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        write!(stream, "DELETE /session/{session} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").ok()?;
        stream.read(&mut [0; 64]).ok().map(|_| ())
    }
}

/// A Chromium that did not obey is known by its private profile.
fn kill_users_of(profile: &str) {
    let Ok(processes) = fs::read_dir("/proc") else { return };
    for process in processes.flatten() {
        let Ok(id) = process.file_name().to_string_lossy().parse::<u32>() else { continue };
        let command = fs::read(process.path().join("cmdline")).unwrap_or_default();
        if String::from_utf8_lossy(&command).contains(profile) {
            Command::new("sh").args(["-c", &format!("kill -KILL {id} 2>/dev/null")]).status().ok();
        }
    }
}
