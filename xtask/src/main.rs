//! The commands of the project: build, run, test, measure.

mod build;
mod run;
mod test;
mod faults;
mod bench;
mod ci_lints;
mod prerequisites;
mod process;
mod steps;
mod watch;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Orrery's own commands")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the page into dist/ and the release server with the page inside
    Build(build::Options),
    /// Build what a first look needs, then start the server with twelve demo agents; what follows `--` goes to the server
    Run(run::Options),
    /// Run every test: native, in Chromium, and end to end
    Test(test::Options),
    /// Inject faults under load for a few minutes and check every delivery against the log
    Faults(faults::Options),
    /// Measure speed and memory beside other servers and libraries
    Bench(bench::Options),
    /// Check formatting and lints as CI does
    CiLints,
}

fn main() -> ExitCode {
    match run_command(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("✗ {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run_command(command: Command) -> Result<()> {
    match command {
        Command::Build(options) => build::build(&options),
        Command::Run(options) => run::run(&options),
        Command::Test(options) => test::test(&options),
        Command::Faults(options) => faults::faults(&options),
        Command::Bench(options) => bench::bench(&options),
        Command::CiLints => ci_lints::ci_lints(),
    }
}
