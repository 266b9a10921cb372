//! `bundler`: makes the folder that a web server serves from the compiled page.

mod bundle;
mod boot;
mod bindings;
mod directive;
mod shell;
mod stylesheet;
mod compress;
mod sizes;
#[cfg(feature = "release")]
mod split;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

#[derive(Parser)]
#[command(about = "Makes the folder that a web server serves from the compiled page")]
struct Arguments {
    /// The wasm file that cargo wrote
    #[arg(long)]
    program: PathBuf,
    /// The folder with index.html and what it names
    #[arg(long)]
    root: PathBuf,
    /// The folder to write
    #[arg(long)]
    dist: PathBuf,
    /// For what is made on the way
    #[cfg(feature = "release")]
    #[arg(long)]
    work: PathBuf,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("✗ {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// For development: one program, no compression.
#[cfg(not(feature = "release"))]
fn run(arguments: &Arguments) -> Result<()> {
    let bindings = bindings::generate(&arguments.program)?;
    bundle::write(&arguments.root, &arguments.dist, &bindings, None)?;
    Ok(())
}

/// The page that ships: two programs, each file also compressed, sizes within their limits.
#[cfg(feature = "release")]
fn run(arguments: &Arguments) -> Result<()> {
    let (first, lazy) = split::split_program(&arguments.program, &arguments.work)?;
    let bindings = bindings::generate(&first)?;
    let sizes = bundle::write(&arguments.root, &arguments.dist, &bindings, Some(&lazy))?;
    eprint!("{sizes}");
    sizes.ensure_within_limits()
}
