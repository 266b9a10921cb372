//! Runs other programs and describes their failures.

use std::env;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The cargo that started this command, so that a chosen toolchain stays chosen.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

pub fn run(command: &mut Command) -> Result<()> {
    let spoken = in_words(command);
    let status = command.status().with_context(|| format!("cannot start `{spoken}`"))?;
    ensure!(status.success(), "`{spoken}` ended with {status}");
    Ok(())
}

/// Runs a program for what it prints.
pub fn output(command: &mut Command) -> Result<String> {
    let spoken = in_words(command);
    let output = command.output().with_context(|| format!("cannot start `{spoken}`"))?;
    ensure!(output.status.success(), "`{spoken}`: {}", String::from_utf8_lossy(&output.stderr).trim());
    String::from_utf8(output.stdout).with_context(|| format!("`{spoken}` printed something that is not text"))
}

/// Whether a program of that name is on the PATH.
pub fn on_path(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn in_words(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or_default();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy());
    std::iter::once(program.into()).chain(arguments).collect::<Vec<_>>().join(" ")
}
