//! `cargo xtask ci-lints`: checks formatting and lints.

use anyhow::Result;

use crate::process;
use crate::steps::Steps;
use crate::workspace::{BUNDLER, PAGE, WASM_TARGET, Workspace};

pub fn ci_lints() -> Result<()> {
    let workspace = Workspace::find()?;
    let mut steps = Steps::begin();
    let mut lint = |name: &str, arguments: &[&str]| steps.step(name, || process::run(&mut workspace.cargo(arguments)));
    workspace.ensure_wasm_target()?;
    lint("Formatting", &["fmt", "--all", "--check"])?;
    lint(
        "Lints of everything native",
        &["clippy", "--workspace", "--exclude", PAGE, "--all-targets", "--", "-D", "warnings"],
    )?;
    lint(
        "Lints of the bundler of the page that ships",
        &["clippy", "-p", BUNDLER, "--features", "release", "--", "-D", "warnings"],
    )?;
    lint(
        "Lints of the page",
        &["clippy", "-p", PAGE, "--target", WASM_TARGET, "--all-targets", "--", "-D", "warnings"],
    )?;
    steps.finish("lints");
    Ok(())
}
