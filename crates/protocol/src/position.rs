//! Positions of workspaces that a server arranges, and the answer to a request that changes them
//! (see section 9.11 of docs/protocol.md).

use serde::{Deserialize, Serialize};

use crate::WorkspaceId;

/// An absolute position on the canvas, in CSS pixels at zoom 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Position {
    pub x: f64,
    pub y: f64,
    /// Whether a person chose it, and not the server.
    pub pinned: bool,
}

/// A workspace that was moved itself, and not only with its team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MovedWorkspace {
    pub id: WorkspaceId,
    pub from: Position,
    pub to: Position,
}

/// What moved, or would move.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Rearranged {
    /// How many workspaces have another position, those that moved with their team included.
    #[serde(default)]
    pub count: usize,
    #[serde(default)]
    pub moved: Vec<MovedWorkspace>,
}
