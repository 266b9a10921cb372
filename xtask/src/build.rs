//! `cargo xtask build`: the page into `dist/`, then the server that carries it. Never starts anything.

use anyhow::{Result, ensure};
use clap::Args;

use crate::page::bindings::bindings;
use crate::page::bundle::{self, FirstLoad};
use crate::process;
use crate::steps::Steps;
use crate::workspace::{PAGE, SERVER, WASM_TARGET, Workspace};

/// A first visit over a slow line must still feel quick. What does not fit belongs behind `src/later`.
const FIRST_LOAD_LIMIT: usize = 150 * 1024;

#[derive(Args)]
pub struct Options {
    /// Only the page, not the server
    #[arg(long)]
    page_only: bool,
}

pub fn build(options: &Options) -> Result<()> {
    let workspace = Workspace::find()?;
    let mut steps = Steps::begin();
    page(&workspace, &mut steps)?;
    if !options.page_only {
        server(&workspace, &mut steps)?;
    }
    steps.finish("build");
    Ok(())
}

pub fn page(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    steps.step("Look for the wasm target", || workspace.ensure_wasm_target())?;
    steps.step("Compile the page for the browser", || {
        let mut cargo =
            workspace.cargo(&["rustc", "--profile", "wasm", "--target", WASM_TARGET, "-p", PAGE, "--bin", PAGE]);
        // The linker's own notes say which function leads to which: by them the program is cut in two.
        cargo.args(["--features", "split", "--", "-C", "link-arg=--emit-relocs"]);
        process::run(&mut cargo)
    })?;
    let first = steps.step("Bundle and squeeze it into dist/", || {
        let program = workspace.target.join(WASM_TARGET).join("wasm").join(format!("{PAGE}.wasm"));
        let bindings = bindings(&program, &workspace.target.join("page"))?;
        bundle::write(&workspace.root, &workspace.dist(), &bindings)
    })?;
    within_limit(&first)
}

pub fn server(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    steps.step("Compile the server with the page inside", || {
        process::run(&mut workspace.cargo(&["build", "--release", "-p", SERVER, "--bin", SERVER]))
    })
}

fn within_limit(first: &FirstLoad) -> Result<()> {
    let kilobytes = |bytes: usize| format!("{:.1} KB", bytes as f64 / 1024.0);
    eprintln!(
        "  first load in brotli: {} of {} (wasm {}, scripts {}, style {}); later: {}",
        kilobytes(first.total()),
        kilobytes(FIRST_LOAD_LIMIT),
        kilobytes(first.wasm),
        kilobytes(first.scripts),
        kilobytes(first.sheet),
        kilobytes(first.later),
    );
    ensure!(first.total() <= FIRST_LOAD_LIMIT, "the first load is above {}", kilobytes(FIRST_LOAD_LIMIT));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_above_the_limit_fails_the_build() {
        let first = |sheet| FirstLoad { wasm: FIRST_LOAD_LIMIT - 50 * 1024, scripts: 20 * 1024, sheet, later: 1 };
        assert!(within_limit(&first(30 * 1024)).is_ok());
        assert!(within_limit(&first(30 * 1024 + 1)).is_err());
    }
}
