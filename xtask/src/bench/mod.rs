//! `cargo xtask bench`: measures what the README claims about speed, beside the peers. No test runs it.

mod canvas;
mod figures;
mod peers;
mod postgres;
mod process_guard;
mod server;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};

use crate::process;
use crate::steps::Steps;
use crate::workspace::Workspace;

#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Subcommand)]
enum Subject {
    /// The page in a headless Chromium, beside React Flow + Zustand and LiteGraph
    Canvas(canvas::Options),
    /// The server's fan-out, beside Bun, Go gorilla, node ws and FastAPI
    Server(RunOptions),
}

#[derive(Args)]
struct RunOptions {
    /// Measure one short round
    #[arg(long)]
    quick: bool,
    /// Measure only these, by the beginning of their name
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Number of rounds, in each of which everyone is measured in turn [default: 5, or 1 with --quick]
    #[arg(long)]
    rounds: Option<usize>,
}

impl RunOptions {
    fn rounds(&self) -> usize {
        self.rounds.unwrap_or(if self.quick { 1 } else { 5 })
    }

    fn includes(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.only.is_empty() || self.only.iter().any(|only| name.starts_with(&only.to_lowercase()))
    }
}

pub fn bench(options: &Options) -> Result<()> {
    let workspace = Workspace::find()?;
    let mut steps = Steps::begin();
    match &options.subject {
        Subject::Canvas(options) => canvas::measure_canvas(&workspace, &mut steps, options)?,
        Subject::Server(run) => server::measure_server(&workspace, &mut steps, run)?,
    }
    steps.finish("bench");
    Ok(())
}

/// Returns the folder for everything that is installed or measured.
fn bench_folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("target").join("bench")
}

/// Compiles the load generator and the feed, and returns a function from a program's name to its path.
fn compile_programs(workspace: &Workspace, steps: &mut Steps) -> Result<impl Fn(&str) -> PathBuf + use<>> {
    steps.step("Compile the load generator and the feed", || {
        process::run(&mut workspace.cargo(&["build", "--release", "-p", "orrery-bench"]))
    })?;
    let release = workspace.target.join("release");
    Ok(move |name: &str| release.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

/// Copies every file below one folder to the other, which is created.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)?.flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_folder(&from, &to)?;
        } else {
            fs::copy(&from, &to).with_context(|| format!("copy {}", from.display()))?;
        }
    }
    Ok(())
}
