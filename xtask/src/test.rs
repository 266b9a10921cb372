//! `cargo xtask test`: runs every test.

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::prerequisites;
use crate::steps::Steps;
use crate::workspace::{PAGE, WASM_TARGET, WHOLE, Workspace};
use crate::{build, process};

#[derive(Args)]
pub struct Options {
    /// Only these; all of them when none is named
    suites: Vec<Suite>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Suite {
    /// Protocol, model, server and commands
    Native,
    /// The page's own tests, in Chromium
    Wasm,
    /// Architecture, replay, and a real browser against a real server
    Whole,
}

pub fn test(options: &Options) -> Result<()> {
    let workspace = Workspace::find()?;
    let mut steps = Steps::begin();
    let chosen = |suite| options.suites.is_empty() || options.suites.contains(&suite);
    steps.step("Look for what the tests need", || {
        prerequisites::ensure()?;
        workspace.ensure_wasm_target()
    })?;
    if chosen(Suite::Native) {
        native(&workspace, &mut steps)?;
    }
    if chosen(Suite::Wasm) {
        steps.step("Tests of the page, in Chromium", || {
            process::run(&mut workspace.cargo(&["test", "-p", PAGE, "--target", WASM_TARGET]))
        })?;
    }
    if chosen(Suite::Whole) {
        whole(&workspace, &mut steps)?;
    }
    steps.finish("tests");
    Ok(())
}

/// Native commands always choose the same packages: another choice would unify features otherwise and compile anew.
const NATIVE: &[&str] = &["test", "--workspace", "--exclude", PAGE];

fn native(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    steps.step("Compile the native tests", || process::run(workspace.cargo(NATIVE).arg("--no-run")))?;
    steps.step("Native tests and tests of the server", || {
        let targets = workspace.test_targets(|package| package != WHOLE && package != PAGE);
        let named = targets.iter().flat_map(|target| ["--test", target]);
        process::run(workspace.cargo(NATIVE).args(["--lib", "--bins"]).args(named))
    })
}

/// The page is the one that ships; the server is the unoptimised one that the native tests have compiled already.
fn whole(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    build::page(workspace, steps)?;
    steps.step("Compile the server and the tests of the whole", || {
        // The server too: cargo builds a package's program for its tests.
        process::run(workspace.cargo(NATIVE).arg("--no-run"))
    })?;
    steps.step("Tests of the whole", || {
        let targets = workspace.test_targets(|package| package == WHOLE);
        let named = targets.iter().flat_map(|target| ["--test", target]);
        let mut cargo = workspace.cargo(NATIVE);
        cargo.env("ORRERY_SERVER_BIN", workspace.server("debug")).env("ORRERY_DIST", workspace.dist());
        process::run(cargo.args(named))
    })
}
