//! `cargo xtask build`: builds the page into `dist/`, then the server that includes it.

use anyhow::Result;
use clap::Args;

use crate::page::bindings::bindings;
use crate::page::bundle;
use crate::process;
use crate::steps::Steps;
use crate::workspace::{PAGE, SERVER, WASM_TARGET, Workspace};

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
        // By the list of features that the page may use, wasm-bindgen chooses how references are passed.
        let link = ["-C", "link-arg=--emit-relocs", "-C", "link-arg=--keep-section=target_features"];
        cargo.args(["--features", "split", "--"]).args(link);
        process::run(&mut cargo)
    })?;
    let sizes = steps.step("Bundle and squeeze it into dist/", || {
        let program = workspace.target.join(WASM_TARGET).join("wasm").join(format!("{PAGE}.wasm"));
        let bindings = bindings(&program, &workspace.target.join("page"))?;
        bundle::write(&workspace.root, &workspace.dist(), &bindings)
    })?;
    eprint!("{sizes}");
    sizes.ensure_within_limits()
}

pub fn server(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    steps.step("Compile the server with the page inside", || {
        process::run(&mut workspace.cargo(&["build", "--release", "-p", SERVER, "--bin", SERVER]))
    })
}
