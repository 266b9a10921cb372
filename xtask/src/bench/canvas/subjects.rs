//! The pages that are measured in turn.

use std::path::{Path, PathBuf};

use super::super::{RunOptions, peers};
use super::old_commit::OldCommit;
use crate::workspace::Workspace;

pub const ORRERY: &str = "Orrery";

/// One built page, and how it is served.
pub struct Page {
    pub name: String,
    pub kind: PageKind,
    /// Path and query that are opened.
    pub path: &'static str,
    pub dist: PathBuf,
    /// The program that serves the page and its events.
    pub feed: PathBuf,
    /// Numbers of workspaces that it is measured with.
    pub sizes: &'static [usize],
}

#[derive(Clone, Copy)]
pub enum PageKind {
    Orrery,
    Peer,
}

impl PageKind {
    /// Returns the name by which the driver knows how to move the camera.
    pub fn name(self) -> &'static str {
        match self {
            Self::Orrery => "orrery",
            Self::Peer => "peer",
        }
    }
}

/// Builds the peers' pages and returns every page that `--only` includes, in the order in which they are measured.
pub fn pages(workspace: &Workspace, run: &RunOptions, feed: &Path, old: Option<&OldCommit>) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut add_orrery = |name: &str, dist: PathBuf, feed: &Path| {
        let sizes: &[usize] = if run.quick { &[10_000, 100_000] } else { &[1_000, 10_000, 100_000] };
        let (name, feed) = (name.to_owned(), feed.to_owned());
        pages.push(Page { name, kind: PageKind::Orrery, path: "/", dist, feed, sizes });
    };
    if run.includes(ORRERY) {
        add_orrery(ORRERY, workspace.dist(), feed);
    }
    if let Some(old) = old.filter(|old| run.includes(&old.name)) {
        add_orrery(&old.name, old.dist.clone(), &old.feed);
    }
    let mut add_peer = |name: &str, path: &'static str, dist: &Path, sizes: &'static [usize]| {
        let (name, dist, feed) = (name.to_owned(), dist.to_owned(), feed.to_owned());
        pages.push(Page { name, kind: PageKind::Peer, path, dist, feed, sizes });
    };
    let sizes: &[usize] = if run.quick { &[1_000] } else { &[1_000, 10_000] };
    if run.includes("LiteGraph")
        && let Some(dist) = peers::build_page(workspace, "LiteGraph", "litegraph")
    {
        add_peer("LiteGraph", "/", &dist, sizes);
    }
    if run.includes("React Flow")
        && let Some(dist) = peers::build_page(workspace, "React Flow", "react-flow")
    {
        add_peer("React Flow", "/", &dist, sizes);
        // With 10,000 all in view it would be the same page once more.
        if !run.quick {
            add_peer("React Flow, only visible", "/?visible", &dist, &[1_000]);
        }
    }
    pages
}
