//! A server process that is started for one measurement and killed when it is dropped.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};

pub struct ServerProcess {
    child: Child,
    /// Stays open, since a program may fail that prints to a closed pipe.
    output: Option<BufReader<ChildStdout>>,
    /// Host and port, as `127.0.0.1:8000`.
    pub address: String,
}

impl ServerProcess {
    /// Starts the program and returns once it has printed `listening on http://…`.
    pub fn start(command: &mut Command) -> Result<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {program}"))?;
        let output = child.stdout.take().context("the standard output was piped")?;
        let mut output = BufReader::new(output);
        let mut process = Self { child, output: None, address: String::new() };
        loop {
            let mut line = String::new();
            ensure!(output.read_line(&mut line)? > 0, "{program} ended without listening");
            if let Some((_, address)) = line.split_once("listening on http://") {
                process.address = address.trim().to_owned();
                process.output = Some(output);
                return Ok(process);
            }
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
