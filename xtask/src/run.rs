//! `cargo xtask run`: builds, then becomes the server with its demo. Never stays between the server and its signals.

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
    become_it(&mut server)
}

/// Twelve agents, unless the caller chose.
fn demo(chosen: &[String]) -> &'static [&'static str] {
    let has_chosen = chosen.iter().any(|argument| argument == "--demo" || argument.starts_with("--demo="));
    if has_chosen { &[] } else { &["--demo", "12"] }
}

#[cfg(unix)]
fn become_it(server: &mut std::process::Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(server.exec().into())
}

#[cfg(not(unix))]
fn become_it(server: &mut std::process::Command) -> Result<()> {
    crate::process::run(server)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_demo_is_not_overruled() {
        assert_eq!(demo(&["--listen=127.0.0.1:0".into()]), ["--demo", "12"]);
        assert!(demo(&["--demo=3".into()]).is_empty());
        assert!(demo(&["--demo".into(), "3".into()]).is_empty());
    }
}
