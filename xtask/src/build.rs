//! `cargo xtask build`: builds the page into `dist/`, then the server that includes it.

use std::path::Path;
use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::process;
use crate::steps::Steps;
use crate::workspace::{BUNDLER, PAGE, SERVER, WASM_TARGET, Workspace};

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

/// The page that ships, in `dist/`.
pub fn page(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    steps.step("Look for the wasm target", || workspace.ensure_wasm_target())?;
    // The optimised program occupies one core for most of the time: the bundler is compiled on the other.
    steps.both(
        ("Compile the page for the browser", || {
            let mut cargo =
                workspace.cargo(&["rustc", "--profile", "wasm", "--target", WASM_TARGET, "-p", PAGE, "--bin", PAGE]);
            // The linker's own notes say which function leads to which: by them the program is cut in two.
            cargo.args(["--features", "split", "--", "-C", "link-arg=--emit-relocs"]);
            process::run(&mut cargo)
        }),
        ("Compile the bundler", || {
            process::run(&mut workspace.cargo(&["build", "-p", BUNDLER, "--features", "release"]))
        }),
    )?;
    steps.step("Bundle and compress the page into dist/", || {
        let mut bundler = bundler(workspace, "wasm", &workspace.dist());
        process::run(bundler.arg("--work").arg(workspace.target.join("wasm").join("bundle")))
    })
}

pub fn server(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    steps.step("Compile the server with the page inside", || {
        process::run(&mut workspace.cargo(&["build", "--release", "-p", SERVER, "--bin", SERVER]))
    })
}

/// The unoptimised page and server of `cargo xtask run`.
pub fn development(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    steps.step("Look for the wasm target", || workspace.ensure_wasm_target())?;
    steps.both(
        ("Compile the page", || compile_development_page(workspace)),
        ("Compile the server and the bundler", || {
            process::run(&mut workspace.cargo(&["build", "-p", SERVER, "-p", BUNDLER, "--bins"]))
        }),
    )?;
    steps.step("Bundle the page", || bundle_development_page(workspace))
}

pub fn compile_development_page(workspace: &Workspace) -> Result<()> {
    let arguments = ["build", "--profile", "page", "--target", WASM_TARGET, "-p", PAGE, "--bin", PAGE];
    process::run(&mut workspace.cargo(&arguments))
}

pub fn bundle_development_page(workspace: &Workspace) -> Result<()> {
    process::run(&mut bundler(workspace, "page", &workspace.development_dist()))
}

fn bundler(workspace: &Workspace, profile: &str, dist: &Path) -> Command {
    let mut bundler = Command::new(workspace.program(BUNDLER, "debug"));
    bundler.arg("--program").arg(workspace.page(profile));
    bundler.arg("--root").arg(&workspace.root).arg("--dist").arg(dist);
    bundler
}
