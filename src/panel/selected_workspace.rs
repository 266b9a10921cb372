//! The selected workspace, field by field, so that each part of the panel changes only with its own field.

use leptos::prelude::*;
use orrery_protocol::{Workspace, WorkspaceId};

#[derive(Clone, Copy)]
pub(super) struct SelectedWorkspace(Signal<Option<Workspace>>);

impl SelectedWorkspace {
    pub(super) fn new(record: impl Into<Signal<Option<Workspace>>>) -> Self {
        Self(record.into())
    }

    /// Returns one field as a memo; its default while there is no record.
    pub(super) fn field<T>(&self, read: fn(&Workspace) -> T) -> Memo<T>
    where
        T: PartialEq + Default + Send + Sync + 'static,
    {
        let record = self.0;
        Memo::new(move |_| record.with(|record| record.as_ref().map(read).unwrap_or_default()))
    }

    pub(super) fn id(&self) -> Memo<Option<WorkspaceId>> {
        self.field(|workspace| Some(workspace.id.clone()))
    }

    /// Subscribes to any change of the record.
    pub(super) fn track(&self) {
        self.0.track();
    }

    /// Returns the record as it is now, for event handlers. Not reactive.
    pub(super) fn get_untracked(&self) -> Option<Workspace> {
        self.0.get_untracked()
    }

    /// Returns an event handler that acts on the record as it is then, if it still exists.
    pub(super) fn on_press<E: 'static>(self, act: impl Fn(Workspace) + Copy + 'static) -> impl Fn(E) + Copy + 'static {
        move |_| {
            if let Some(workspace) = self.get_untracked() {
                act(workspace);
            }
        }
    }
}
