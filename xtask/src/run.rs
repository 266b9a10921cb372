//! `cargo xtask run`: builds, then replaces itself by the server with its demo.

use anyhow::Result;
use clap::Args;

use crate::build;
use crate::steps::Steps;
use crate::workspace::Workspace;

#[derive(Args)]
pub struct Options {
    /// For the server, as in `cargo xtask run -- --listen 127.0.0.1:9000`
    #[arg(last = true)]
    server: Vec<String>,
}

pub fn run(options: &Options) -> Result<()> {
    let workspace = Workspace::find()?;
    let mut steps = Steps::begin();
    build::page(&workspace, &mut steps)?;
    build::server(&workspace, &mut steps)?;
    steps.finish("ready");
    let mut server = std::process::Command::new(workspace.server("release"));
    server.args(demo(&options.server)).args(&options.server);
    replace_process(&mut server)
}

/// Returns the option for twelve agents, unless the caller gives one.
fn demo(chosen: &[String]) -> &'static [&'static str] {
    let has_chosen = chosen.iter().any(|argument| argument == "--demo" || argument.starts_with("--demo="));
    if has_chosen { &[] } else { &["--demo", "12"] }
}

#[cfg(unix)]
fn replace_process(server: &mut std::process::Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(server.exec().into())
}

#[cfg(not(unix))]
fn replace_process(server: &mut std::process::Command) -> Result<()> {
    crate::process::run(server)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_the_caller_replace_the_demo() {
        assert_eq!(demo(&["--listen=127.0.0.1:0".into()]), ["--demo", "12"]);
        assert!(demo(&["--demo=3".into()]).is_empty());
        assert!(demo(&["--demo".into(), "3".into()]).is_empty());
    }
}
