//! The shown record, field by field: a part of the panel changes only when its own field does. Never a request.

use leptos::prelude::*;
use orrery_protocol::{Workspace, WorkspaceId};

#[derive(Clone, Copy)]
pub(super) struct Shown(Signal<Option<Workspace>>);

impl Shown {
    pub(super) fn new(record: impl Into<Signal<Option<Workspace>>>) -> Self {
        Self(record.into())
    }

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

    /// Any change of the record.
    pub(super) fn track(&self) {
        self.0.track();
    }

    /// As it is at this moment: for what a press does.
    pub(super) fn now(&self) -> Option<Workspace> {
        self.0.get_untracked()
    }

    /// Does it with the record as it is at this moment, if it is still there.
    pub(super) fn act(&self, act: impl FnOnce(Workspace)) {
        if let Some(workspace) = self.now() {
            act(workspace);
        }
    }
}
