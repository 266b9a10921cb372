//! `cargo xtask bench`: what the README claims about speed, measured beside the peers. Never part of the tests.

mod server;
mod canvas;
mod peers;
mod postgres;
mod running;
mod figures;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::process;
use crate::steps::Steps;
use crate::workspace::Workspace;

#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The canvas in a headless Chromium, beside React Flow + Zustand
    Canvas(Effort),
    /// The server's fan-out, beside Bun, Go gorilla, node ws and FastAPI
    Server(Effort),
}

#[derive(Args)]
struct Effort {
    /// Once and briefly, under two minutes after the first time
    #[arg(long)]
    quick: bool,
    /// Only these, by the beginning of their name
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// How many times each is measured in turn
    #[arg(long)]
    rounds: Option<usize>,
}

impl Effort {
    fn rounds(&self) -> usize {
        self.rounds.unwrap_or(if self.quick { 1 } else { 5 })
    }

    fn wants(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.only.is_empty() || self.only.iter().any(|only| name.starts_with(&only.to_lowercase()))
    }
}

pub fn bench(options: &Options) -> Result<()> {
    let workspace = Workspace::find()?;
    let mut steps = Steps::begin();
    match &options.what {
        What::Canvas(effort) => canvas::canvas(&workspace, &mut steps, effort)?,
        What::Server(effort) => server::server(&workspace, &mut steps, effort)?,
    }
    steps.finish("bench");
    Ok(())
}

/// Where everything that is installed or measured goes.
fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("target").join("bench")
}

/// Compiles the load and the feed and returns where a program of theirs lies.
fn programs(workspace: &Workspace, steps: &mut Steps) -> Result<impl Fn(&str) -> PathBuf + use<>> {
    steps.step("Compile the load and the feed", || {
        process::run(&mut workspace.cargo(&["build", "--release", "-p", "orrery-bench"]))
    })?;
    let release = workspace.target.join("release");
    Ok(move |name: &str| release.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}
