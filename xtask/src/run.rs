//! `cargo xtask run`: builds, then replaces itself by the server with its demo.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::steps::Steps;
use crate::workspace::Workspace;
use crate::{build, watch};

#[derive(Args)]
pub struct Options {
    /// Build what ships instead: the optimised page inside the optimised server
    #[arg(long)]
    release: bool,
    /// Rebuild and reload after each change of a source file
    #[arg(long, conflicts_with = "release")]
    watch: bool,
    /// For the server, as in `cargo xtask run -- --listen 127.0.0.1:9000`
    #[arg(last = true)]
    server: Vec<String>,
}

pub fn run(options: &Options) -> Result<()> {
    let workspace = Workspace::find()?;
    let mut steps = Steps::begin();
    if options.release {
        build::page(&workspace, &mut steps)?;
        build::server(&workspace, &mut steps)?;
    } else {
        build::development(&workspace, &mut steps)?;
    }
    steps.finish("ready");
    let (profile, dist) = match options.release {
        true => ("release", None),
        false => ("debug", Some(workspace.development_dist())),
    };
    let mut server = server(workspace.server(profile), dist, &options.server);
    if options.watch { watch::rebuild_after_changes(&workspace, &mut server) } else { replace_process(&mut server) }
}

fn server(program: PathBuf, dist: Option<PathBuf>, chosen: &[String]) -> Command {
    let mut server = Command::new(program);
    server.args(demo(chosen)).args(chosen);
    if let Some(dist) = dist.filter(|_| !has_option(chosen, "--dist")) {
        server.arg("--dist").arg(dist);
    }
    server
}

/// Returns the option for twelve agents, unless the caller gives one.
fn demo(chosen: &[String]) -> &'static [&'static str] {
    if has_option(chosen, "--demo") { &[] } else { &["--demo", "12"] }
}

fn has_option(chosen: &[String], option: &str) -> bool {
    chosen.iter().any(|argument| argument == option || argument.starts_with(&format!("{option}=")))
}

#[cfg(unix)]
fn replace_process(server: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(server.exec().into())
}

#[cfg(not(unix))]
fn replace_process(server: &mut Command) -> Result<()> {
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

    #[test]
    fn a_folder_of_the_caller_replaces_the_development_page() {
        let arguments = |chosen: &[&str]| {
            let chosen: Vec<_> = chosen.iter().map(|&it| it.to_owned()).collect();
            let server = server("server".into(), Some("built".into()), &chosen);
            server.get_args().map(|it| it.to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(arguments(&[]), ["--demo", "12", "--dist", "built"]);
        assert_eq!(arguments(&["--dist=own"]), ["--demo", "12", "--dist=own"]);
    }
}
