//! Paths of this checkout, and the wasm target.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process;

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// The package of the page, and the name of its binary.
pub const PAGE: &str = "orrery";
/// Makes the folder that is served from the compiled page.
pub const BUNDLER: &str = "bundler";
pub const SERVER: &str = "orrery-server";
/// The package whose tests look at the whole from outside.
pub const WHOLE: &str = "orrery-tests";

pub struct Workspace {
    pub root: PathBuf,
    pub target: PathBuf,
    packages: Vec<Value>,
}

impl Workspace {
    pub fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?.to_owned();
        let mut command = process::cargo(&["metadata", "--format-version", "1", "--no-deps"]);
        let metadata: Value = serde_json::from_str(&process::output(command.current_dir(&root))?)?;
        let target = metadata["target_directory"].as_str().context("cargo metadata names no target directory")?.into();
        let packages = metadata["packages"].as_array().cloned().context("cargo metadata lists no packages")?;
        Ok(Self { root, target, packages })
    }

    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = process::cargo(arguments);
        command.current_dir(&self.root);
        command
    }

    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The page of `cargo xtask run`.
    pub fn development_dist(&self) -> PathBuf {
        self.target.join("page").join("dist")
    }

    /// The program of the page as cargo leaves it.
    pub fn page(&self, profile: &str) -> PathBuf {
        self.target.join(WASM_TARGET).join(profile).join(format!("{PAGE}.wasm"))
    }

    pub fn server(&self, profile: &str) -> PathBuf {
        self.program(SERVER, profile)
    }

    pub fn program(&self, name: &str, profile: &str) -> PathBuf {
        self.target.join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// The test binaries (`tests/*.rs`) of the packages that `chosen` picks by name.
    pub fn test_targets(&self, chosen: impl Fn(&str) -> bool) -> Vec<String> {
        let packages = self.packages.iter().filter(|package| chosen(package["name"].as_str().unwrap_or_default()));
        let targets = packages.filter_map(|package| package["targets"].as_array()).flatten();
        let tests = targets.filter(|target| target["kind"][0] == "test");
        tests.filter_map(|target| target["name"].as_str()).map(str::to_owned).collect()
    }

    /// Adds the wasm target to the toolchain when it is missing.
    pub fn ensure_wasm_target(&self) -> Result<()> {
        let libraries = process::output(Command::new("rustc").current_dir(&self.root).args([
            "--print",
            "target-libdir",
            "--target",
            WASM_TARGET,
        ]))?;
        if Path::new(libraries.trim()).is_dir() {
            return Ok(());
        }
        if !process::on_path("rustup") {
            bail!(
                "the Rust target {WASM_TARGET} is missing and there is no rustup to add it: install it with your Rust toolchain"
            );
        }
        process::run(Command::new("rustup").current_dir(&self.root).args(["target", "add", WASM_TARGET]))
    }
}
