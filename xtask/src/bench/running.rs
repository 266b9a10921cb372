//! A server that was started for one measurement and is ended after it. Never what is measured.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};

pub struct Running {
    child: Child,
    /// Kept open: a program may fail that prints where nobody listens.
    output: Option<BufReader<ChildStdout>>,
    /// `127.0.0.1:PORT`
    pub address: String,
}

impl Running {
    /// Returns when the program has printed `listening on http://…`.
    pub fn start(command: &mut Command) -> Result<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {program}"))?;
        let output = child.stdout.take().context("its output was piped")?;
        let mut output = BufReader::new(output);
        let mut running = Self { child, output: None, address: String::new() };
        loop {
            let mut line = String::new();
            ensure!(output.read_line(&mut line)? > 0, "{program} ended without listening");
            if let Some((_, address)) = line.split_once("listening on http://") {
                running.address = address.trim().to_owned();
                running.output = Some(output);
                return Ok(running);
            }
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
