//! What is wrong with a workspace, and the button that tries again. Never how it became so.

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::{Status, WorkspaceId};

use super::looks;
use crate::actions::Actions;
use crate::live::Mounted;
use crate::ui::button::Button;
use crate::ui::icon::Icon;

/// On a card and in the head of a team alike.
#[component]
pub(super) fn Reason(mounted: Mounted, class: &'static str) -> impl IntoView {
    let workspace = mounted.workspace;
    let trouble = Memo::new({
        let workspace = workspace.clone();
        move |_| workspace.with(looks::trouble)
    });
    let can_retry = Memo::new({
        let workspace = workspace.clone();
        move |_| workspace.with(|it| it.status == Status::Failed)
    });
    let id = mounted.id;
    move || {
        let (workspace, id) = (workspace.clone(), id.clone());
        trouble.get().map(move |trouble| {
            view! {
                <div class=class>
                    <p data-full=trouble.clone()>{trouble.clone()}</p>
                    {move || {
                        let name = workspace.with_untracked(looks::name);
                        can_retry.get().then(|| view! { <Retry id=id.clone() name=name /> })
                    }}
                </div>
            }
        })
    }
}

#[component]
fn Retry(id: WorkspaceId, name: String) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let is_asking = RwSignal::new(false);
    let press = move |_| {
        is_asking.set(true);
        let (id, name) = (id.clone(), name.clone());
        spawn_local(async move {
            actions.retry(&id, &name).await;
            // The card may have left meanwhile, and the signal with it.
            is_asking.try_set(false);
        });
    };
    view! {
        <Button small=true icon=Icon::Retry disabled=is_asking on_press=press>
            {move || if is_asking.get() { "Retrying…" } else { "Retry" }}
        </Button>
    }
}
