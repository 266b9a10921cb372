//! A private Redis on a free port, without persistence.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::program::Program;
use crate::{ports, wait};

pub struct Redis {
    folder: TempDir,
    port: u16,
    program: Program,
}

impl Redis {
    pub async fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("orrery-redis-").tempdir().expect("a temporary folder");
        let port = ports::free();
        let program = launch(&folder, port);
        let redis = Self { folder, port, program };
        redis.wait_until_ready().await;
        redis
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    pub fn kill(&mut self) {
        self.program.kill();
    }

    pub async fn restart(&mut self) {
        self.program.kill();
        self.program = launch(&self.folder, self.port);
        self.wait_until_ready().await;
    }

    /// Disconnects all clients.
    pub fn kill_clients(&self) {
        for kind in ["pubsub", "normal"] {
            self.run(&format!("CLIENT KILL TYPE {kind}"));
        }
    }

    /// Runs a command and returns the response as Redis writes it; `None` if it cannot be reached.
    pub fn run(&self, command: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        stream.write_all(format!("{command}\r\n").as_bytes()).ok()?;
        let mut answer = [0; 4096];
        let length = stream.read(&mut answer).ok()?;
        Some(String::from_utf8_lossy(&answer[..length]).into_owned())
    }

    async fn wait_until_ready(&self) {
        let answers = |answer: &Option<String>| answer.as_ref().is_some_and(|it| it.starts_with("+PONG"));
        wait::until("redis to answer", async || self.run("PING"), answers).await;
    }
}

fn launch(folder: &TempDir, port: u16) -> Program {
    let mut command = Command::new("redis-server");
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir"]);
    Program::start("redis-server", command.arg(folder.path()))
}
