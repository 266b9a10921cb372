//! `cargo xtask run --watch`: rebuilds what a changed file belongs to. The server is started again; a browser reloads the page
//! by itself (`shell/reload.js`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use anyhow::{Context, Result};
use notify::{EventKind, RecursiveMode, Watcher};

use crate::steps::Steps;
use crate::workspace::{SERVER, Workspace};
use crate::{build, process};

/// Editors write a file in several steps.
const SETTLE_TIME: Duration = Duration::from_millis(50);

/// What must be built after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Program,
    /// Stylesheets, scripts and the document.
    Bundle,
    Server,
}

pub fn rebuild_after_changes(workspace: &Workspace, server: &mut Command) -> Result<()> {
    let (sender, changes) = mpsc::channel();
    let _watcher = watch(&workspace.root, sender)?;
    let mut running = start(server)?;
    loop {
        let parts = next_changes(&changes)?;
        match rebuild(workspace, &parts) {
            Ok(()) if parts.contains(&Part::Server) => {
                stop(&mut running)?;
                running = start(server)?;
            }
            Ok(()) => {}
            Err(error) => eprintln!("✗ {error:#}\n  waiting for the next change"),
        }
    }
}

/// Sends the part of each changed file until the watcher is dropped.
fn watch(root: &Path, sender: Sender<Part>) -> Result<impl Watcher> {
    let folder = root.to_owned();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        if matches!(event.kind, EventKind::Access(_)) {
            return;
        }
        for part in event.paths.iter().flat_map(|path| parts(path.strip_prefix(&folder).unwrap_or(path))) {
            // Nobody receives it only while the command ends.
            let _ = sender.send(*part);
        }
    })?;
    for (path, mode) in [
        ("src", RecursiveMode::Recursive),
        ("crates", RecursiveMode::Recursive),
        ("server/src", RecursiveMode::Recursive),
        ("style", RecursiveMode::Recursive),
        ("shell", RecursiveMode::Recursive),
        ("index.html", RecursiveMode::NonRecursive),
    ] {
        watcher.watch(&root.join(path), mode).with_context(|| format!("cannot watch {path}"))?;
    }
    Ok(watcher)
}

fn parts(path: &Path) -> &'static [Part] {
    let mut components = path.components().map(|component| component.as_os_str().to_string_lossy());
    match components.next().as_deref() {
        Some("src") => &[Part::Program],
        Some("crates") => &[Part::Program, Part::Server],
        Some("server") => &[Part::Server],
        Some("style" | "shell" | "index.html") => &[Part::Bundle],
        _ => &[],
    }
}

/// Waits for a change, and for those that follow it at once.
fn next_changes(changes: &Receiver<Part>) -> Result<BTreeSet<Part>> {
    let mut parts = BTreeSet::from([changes.recv().context("the file watcher has ended")?]);
    while let Ok(part) = changes.recv_timeout(SETTLE_TIME) {
        parts.insert(part);
    }
    Ok(parts)
}

fn rebuild(workspace: &Workspace, parts: &BTreeSet<Part>) -> Result<()> {
    let mut steps = Steps::begin();
    if parts.contains(&Part::Program) {
        steps.step("Compile the page", || build::compile_development_page(workspace))?;
    }
    if parts.contains(&Part::Program) || parts.contains(&Part::Bundle) {
        steps.step("Bundle the page", || build::bundle_development_page(workspace))?;
    }
    if parts.contains(&Part::Server) {
        steps.step("Compile the server", || process::run(&mut workspace.cargo(&["build", "-p", SERVER, "--bins"])))?;
    }
    Ok(())
}

fn start(server: &mut Command) -> Result<Child> {
    let program = PathBuf::from(server.get_program());
    server.spawn().with_context(|| format!("cannot start {}", program.display()))
}

/// Its log is safe however it ends.
fn stop(server: &mut Child) -> Result<()> {
    server.kill()?;
    server.wait()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_rebuilds_what_it_belongs_to() {
        for (path, expected) in [
            ("src/canvas/card.rs", &[Part::Program][..]),
            ("crates/model/src/lib.rs", &[Part::Program, Part::Server]),
            ("server/src/main.rs", &[Part::Server]),
            ("style/card.css", &[Part::Bundle]),
            ("index.html", &[Part::Bundle]),
            ("README.md", &[]),
        ] {
            assert_eq!(parts(Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn changes_that_follow_at_once_are_one_rebuild() {
        let (sender, changes) = mpsc::channel();
        for part in [Part::Program, Part::Bundle, Part::Program] {
            sender.send(part).unwrap();
        }
        assert_eq!(next_changes(&changes).unwrap(), BTreeSet::from([Part::Program, Part::Bundle]));
    }
}
