//! The agents of `examples/`, as processes.

use std::process::Command;

use crate::program::Program;
use crate::server::{Server, workspace};

/// A process that is killed when it is dropped.
pub struct ExampleAgent {
    pub id: String,
    _program: Program,
}

impl ExampleAgent {
    /// Starts `examples/agent.py`, which takes this long for each message, and fails if the message contains "fail".
    pub async fn start(server: &Server, name: &str, seconds: f64) -> Self {
        let mut command = Command::new("python3");
        command.arg("-u").arg(workspace().join("examples/agent.py")).arg(name);
        command
            .env("PLATFORM_URL", server.url(""))
            .env("AGENT_SECONDS", seconds.to_string())
            .env_remove("WORKSPACE_ID");
        let mut program = Program::start(name, &mut command);
        let id = program.line("who it is", |line| line.strip_prefix(name)?.split(' ').nth(2).map(str::to_owned)).await;
        Self { id, _program: program }
    }
}
