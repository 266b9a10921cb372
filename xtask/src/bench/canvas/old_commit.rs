//! The page of an older commit, built by that commit's own tools, to be measured beside the present one.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::super::{bench_folder, copy_folder};
use crate::process;
use crate::steps::Steps;
use crate::workspace::Workspace;

/// What was built from the old commit.
pub struct OldCommit {
    /// Name in the tables, as `Old 846e8e8`.
    pub name: String,
    pub dist: PathBuf,
    /// The commit's own feed, since the protocol may have changed.
    pub feed: PathBuf,
}

impl OldCommit {
    /// Builds the page and the feed of a revision below `target/bench/old/`, unless an earlier run has.
    pub fn build(workspace: &Workspace, steps: &mut Steps, revision: &str) -> Result<Self> {
        let commit = git(workspace, &["rev-parse", "--verify", &format!("{revision}^{{commit}}")])
            .with_context(|| format!("--against {revision} names no commit"))?;
        let commit = commit.trim();
        let folder = bench_folder(workspace).join("old").join(commit);
        let old = Self {
            name: format!("Old {}", &commit[..7]),
            dist: folder.join("dist"),
            feed: folder.join(format!("orrery-feed{}", env::consts::EXE_SUFFIX)),
        };
        if !old.is_built() {
            let checkout = Checkout::add(workspace, commit)?;
            steps.step(&format!("{}: build the page", old.name), || {
                process::run(&mut checkout.cargo(&["xtask", "build", "--page-only"]))
            })?;
            steps.step(&format!("{}: compile the feed", old.name), || {
                process::run(&mut checkout.cargo(&["build", "--release", "-p", "orrery-bench", "--bin", "orrery-feed"]))
            })?;
            copy_folder(&checkout.root.join("dist"), &old.dist)?;
            let feed = old.feed.file_name().context("a program has a name")?;
            fs::copy(checkout.target.join("release").join(feed), &old.feed)?;
            // Some gigabytes that only another old commit could use.
            let _ = fs::remove_dir_all(&checkout.target);
        }
        ensure!(old.is_built(), "{} built no page and feed in {}", old.name, folder.display());
        Ok(old)
    }

    fn is_built(&self) -> bool {
        self.dist.join("index.html").is_file() && self.feed.is_file()
    }
}

/// A git worktree that is removed when it is dropped.
///
/// It lies in the system's temporary folder: cargo merges `.cargo/config.toml` of all parent folders, and the flags of this
/// commit must not apply to the other.
struct Checkout {
    repository: PathBuf,
    root: PathBuf,
    target: PathBuf,
}

impl Checkout {
    fn add(workspace: &Workspace, commit: &str) -> Result<Self> {
        let checkout = Self {
            repository: workspace.root.clone(),
            root: env::temp_dir().join(format!("orrery-bench-{commit}")),
            target: bench_folder(workspace).join("old").join("target"),
        };
        // A run that was killed leaves its worktree behind.
        checkout.remove();
        git(workspace, &["worktree", "add", "--detach", &checkout.root.to_string_lossy(), commit])?;
        Ok(checkout)
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = process::cargo(arguments);
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        command
    }

    fn remove(&self) {
        let _ = fs::remove_dir_all(&self.root);
        let _ = process::output(Command::new("git").args(["worktree", "prune"]).current_dir(&self.repository));
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        self.remove();
    }
}

fn git(workspace: &Workspace, arguments: &[&str]) -> Result<String> {
    process::output(Command::new("git").args(arguments).current_dir(&workspace.root))
}
