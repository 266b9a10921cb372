//! What is wrong with a workspace, and the button that tries again. Never how it became so.

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::{Status, Workspace, WorkspaceId};

use super::looks;
use crate::actions::Actions;

/// The button's memory: it asks once at a time.
#[derive(Clone)]
pub(super) struct Retry {
    id: WorkspaceId,
    actions: Actions,
    is_asking: RwSignal<bool>,
}

impl Retry {
    pub(super) fn new(id: WorkspaceId) -> Self {
        Self { id, actions: expect_context::<Actions>(), is_asking: RwSignal::new(false) }
    }

    fn ask(self, name: String) {
        self.is_asking.set(true);
        spawn_local(async move {
            self.actions.retry(&self.id, &name).await;
            // The card may have left meanwhile, and the signal with it.
            self.is_asking.try_set(false);
        });
    }
}

/// On a card and in the head of a team alike. Tracks whether the button is asking.
pub(super) fn reason(it: &Workspace, retry: &Retry, class: &'static str) -> Option<impl IntoView + use<>> {
    looks::trouble(it).map(|trouble| {
        let button = (it.status == Status::Failed).then(|| {
            let (retry, name) = (retry.clone(), looks::name(it));
            let is_asking = retry.is_asking.get();
            view! {
                <button
                    type="button"
                    class="button"
                    data-size="small"
                    data-mark="retry"
                    disabled=is_asking
                    on:click=move |_| retry.clone().ask(name.clone())
                >
                    {if is_asking { "Retrying…" } else { "Retry" }}
                </button>
            }
        });
        view! {
            <div class=class>
                <p data-full=trouble.clone()>{trouble.clone()}</p>
                {button}
            </div>
        }
    })
}
