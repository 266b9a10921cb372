//! What changes of one workspace: the fields that a person can change, each with its value before and after.

use orrery_protocol::{Agent, Status, Timestamp, Workspace, WorkspaceId};

/// The value of a field before and after a change.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange<T> {
    pub from: T,
    pub to: T,
}

/// Where a workspace is on the canvas, in CSS pixels at zoom 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    pub x: f64,
    pub y: f64,
    pub source: PositionSource,
}

/// Who decides where a workspace is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PositionSource {
    /// The layout of the page: no record states the position.
    Layout,
    /// The record, on a server that does not arrange workspaces.
    Record,
    /// The record, on a server that arranges workspaces: it moves everything inside along, and neighbours out of the way.
    Server { pinned: bool },
}

/// The changed fields of one workspace. A field that does not change is None.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WorkspaceDiff {
    pub name: Option<FieldChange<String>>,
    pub tier: Option<FieldChange<u8>>,
    /// The model of the agent; None without an agent.
    pub model: Option<FieldChange<Option<String>>>,
    pub collapsed: Option<FieldChange<bool>>,
    pub parent: Option<FieldChange<Option<WorkspaceId>>>,
    pub position: Option<FieldChange<Position>>,
    /// The workspace restarts: its status becomes `provisioning`. A restart cannot be reversed.
    pub restart: Option<FieldChange<Status>>,
}

impl<T: PartialEq + Clone> FieldChange<T> {
    /// Returns the change between two values, or None when they are equal.
    pub fn between(from: T, to: T) -> Option<Self> {
        (from != to).then_some(Self { from, to })
    }

    fn reverse(&self) -> Self {
        Self { from: self.to.clone(), to: self.from.clone() }
    }
}

impl WorkspaceDiff {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the diff that takes this one back, without a restart.
    pub fn reverse(&self) -> Self {
        Self {
            name: self.name.as_ref().map(FieldChange::reverse),
            tier: self.tier.as_ref().map(FieldChange::reverse),
            model: self.model.as_ref().map(FieldChange::reverse),
            collapsed: self.collapsed.as_ref().map(FieldChange::reverse),
            parent: self.parent.as_ref().map(FieldChange::reverse),
            position: self.position.as_ref().map(FieldChange::reverse),
            restart: None,
        }
    }

    /// Adds a later diff of the same workspace. A field that ends where it began drops out, except a restart.
    pub fn squash(&mut self, later: Self) {
        squash_field(&mut self.name, later.name);
        squash_field(&mut self.tier, later.tier);
        squash_field(&mut self.model, later.model);
        squash_field(&mut self.collapsed, later.collapsed);
        squash_field(&mut self.parent, later.parent);
        squash_field(&mut self.position, later.position);
        self.restart = later.restart.or(self.restart.take());
    }

    /// Removes the fields that a later diff changes, too.
    pub(super) fn remove_fields_of(&mut self, later: &Self) {
        remove_if(&mut self.name, later.name.is_some());
        remove_if(&mut self.tier, later.tier.is_some());
        remove_if(&mut self.model, later.model.is_some());
        remove_if(&mut self.collapsed, later.collapsed.is_some());
        remove_if(&mut self.parent, later.parent.is_some());
        remove_if(&mut self.position, later.position.is_some());
        remove_if(&mut self.restart, later.restart.is_some());
    }

    /// Changes a record to what the diff says.
    pub fn apply_to(&self, workspace: &mut Workspace) {
        if let Some(name) = &self.name {
            workspace.name.clone_from(&name.to);
        }
        if let Some(tier) = &self.tier {
            workspace.tier = tier.to;
        }
        if let Some(model) = &self.model {
            let id = workspace.agent.take().and_then(|agent| agent.id);
            workspace.agent = model.to.clone().map(|model| Agent { id, model });
        }
        if let Some(collapsed) = &self.collapsed {
            workspace.collapsed = collapsed.to;
        }
        if let Some(parent) = &self.parent {
            workspace.parent_id.clone_from(&parent.to);
        }
        if let Some((x, y)) = self.requested_position() {
            (workspace.x, workspace.y) = (Some(x), Some(y));
        }
        if let Some(FieldChange { to: Position { source: PositionSource::Server { pinned }, .. }, .. }) = self.position
        {
            workspace.pinned = Some(pinned);
        }
        if let Some(restart) = &self.restart {
            // Only the server knows since when.
            (workspace.status, workspace.status_since) = (restart.to.clone(), Timestamp::default());
        }
    }

    /// Returns whether a record says what the diff changes it to.
    pub fn is_confirmed_by(&self, workspace: &Workspace) -> bool {
        let model = || workspace.agent.as_ref().map(|agent| &agent.model);
        self.name.as_ref().is_none_or(|name| name.to == workspace.name)
            && self.tier.as_ref().is_none_or(|tier| tier.to == workspace.tier)
            && self.model.as_ref().is_none_or(|change| change.to.as_ref() == model())
            && self.collapsed.as_ref().is_none_or(|collapsed| collapsed.to == workspace.collapsed)
            && self.parent.as_ref().is_none_or(|parent| parent.to == workspace.parent_id)
            && self.requested_position().is_none_or(|(x, y)| (workspace.x, workspace.y) == (Some(x), Some(y)))
            && self.restart.as_ref().is_none_or(|restart| restart.to == workspace.status)
    }

    /// Returns the position that a server that arranges workspaces is asked for, and whether it is pinned there.
    pub(super) fn arranged_position(&self) -> Option<(&Position, bool)> {
        match &self.position.as_ref()?.to {
            to @ Position { source: PositionSource::Server { pinned }, .. } => Some((to, *pinned)),
            _ => None,
        }
    }

    /// Returns the position that the server is asked to record. A position that the layout chose is left to the layout, but a
    /// recorded one cannot be erased: the way back to a chosen position records it.
    pub(super) fn requested_position(&self) -> Option<(f64, f64)> {
        let FieldChange { from, to } = self.position.as_ref()?;
        let is_elsewhere = (from.x, from.y) != (to.x, to.y);
        let is_requested = match to.source {
            PositionSource::Layout => from.source == PositionSource::Record && is_elsewhere,
            PositionSource::Record | PositionSource::Server { .. } => true,
        };
        is_requested.then_some((to.x, to.y))
    }
}

fn squash_field<T: PartialEq + Clone>(earlier: &mut Option<FieldChange<T>>, later: Option<FieldChange<T>>) {
    let Some(later) = later else { return };
    *earlier = match earlier.take() {
        Some(earlier) => FieldChange::between(earlier.from, later.to),
        None => Some(later),
    };
}

fn remove_if<T>(field: &mut Option<T>, is_removed: bool) {
    if is_removed {
        *field = None;
    }
}
