//! `cargo xtask faults`: runs the fault injection for a few minutes and prints its figures.

use anyhow::Result;
use clap::Args;

use crate::steps::Steps;
use crate::workspace::{SERVER, WHOLE, Workspace};
use crate::{prerequisites, process};

#[derive(Args)]
pub struct Options {
    /// How often each kind of fault comes
    #[arg(long, default_value_t = 4)]
    rounds: usize,
}

pub fn faults(options: &Options) -> Result<()> {
    let workspace = Workspace::find()?;
    let mut steps = Steps::begin();
    steps.step("Look for what the tests need", prerequisites::ensure)?;
    steps.step("Compile the server and the suite", || {
        process::run(&mut workspace.cargo(&["build", "-p", SERVER]))?;
        process::run(&mut workspace.cargo(&["test", "-p", WHOLE, "--test", "faults", "--no-run"]))
    })?;
    steps.step(
        "Three servers on PostgreSQL, then one on SQLite with a failing disk, and everything that breaks",
        || {
            let suite = ["test", "-q", "-p", WHOLE, "--test", "faults", "--", "--nocapture", "--test-threads=1"];
            let mut suite = workspace.cargo(&suite);
            suite.env("ORRERY_SERVER_BIN", workspace.server("debug"));
            process::run(suite.env("ORRERY_FAULTS_LONG", options.rounds.to_string()))
        },
    )?;
    steps.step("Decisions that panic, each failing its own request", || {
        let test = ["test", "-q", "-p", SERVER, "--test", "server", "--", "--nocapture", "input::panics"];
        process::run(&mut workspace.cargo(&test))
    })?;
    steps.finish("faults");
    Ok(())
}
