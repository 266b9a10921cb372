//! The dialog that removes a workspace. It asks again, with their names, when others inside it would be removed too.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use super::request::{RequestAction, failure, on_success};
use crate::api::Removal;
use crate::commands::Commands;
use crate::store::Directory;
use crate::ui::dialog::{Dialog, DialogBody};

/// The workspaces that would be removed too: the names that are known, and how many there are.
#[derive(Debug, Clone, PartialEq)]
struct Inside {
    names: Vec<String>,
    count: usize,
}

#[component]
pub(super) fn RemoveDialog(id: WorkspaceId, name: String, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (commands, directory) = (expect_context::<Commands>(), expect_context::<Directory>());
    let title = format!("Remove “{name}”?");
    // What the person has been shown, and confirms by submitting again.
    let inside = RwSignal::new(None::<Inside>);
    let workspace = id.clone();
    let remove: RequestAction<bool, Removal> = Action::new_local(move |confirmed: &bool| {
        let (id, name, confirmed) = (workspace.clone(), name.clone(), *confirmed);
        async move { commands.remove(&id, &name, confirmed).await }
    });
    let done = RwSignal::new(false);
    on_success(remove, move |removal| match removal {
        Removal::Removed => done.set(true),
        Removal::Confirm { names, count } => inside.set(Some(complete(directory.inside(&id), names, count))),
    });
    let submit = move |()| {
        remove.dispatch(inside.with_untracked(Option::is_some));
    };
    let answer = Signal::derive(move || match inside.with(|inside| inside.as_ref().map(|inside| inside.count)) {
        Some(count) => format!("Remove {} workspaces", count + 1),
        None => "Remove".to_owned(),
    });
    view! {
        <Dialog title=title on_close=on_close on_submit=submit done=done>
            <DialogBody answer=answer danger=true problem=failure(remove) busy=remove.pending()>
                {move || match inside.get() {
                    None => view! { <p>"Its agent will be stopped. This cannot be undone."</p> }.into_any(),
                    Some(inside) => view! { <InsideList inside=inside /> }.into_any(),
                }}
            </DialogBody>
        </Dialog>
    }
}

/// The server names the direct children only. The page may know those inside them, too.
fn complete(known: Vec<String>, names: Vec<String>, count: usize) -> Inside {
    match known.len() {
        all if all >= count => Inside { names: known, count: all },
        _ => Inside { names, count },
    }
}

#[component]
fn InsideList(inside: Inside) -> impl IntoView {
    let Inside { names, count } = inside;
    let more = count.saturating_sub(names.len());
    let question = match count {
        1 => "1 workspace inside it will be removed, too:".to_owned(),
        count => format!("{count} workspaces inside it will be removed, too:"),
    };
    view! {
        <p role="alert">{question}</p>
        <ul class="dialog-list">
            {names.into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}
            {(more > 0).then(|| view! { <li class="none">{format!("and {more} more")}</li> })}
        </ul>
    }
}
