//! Removal asks twice when children go with it, and names them. Never the request.

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::WorkspaceId;

use crate::api::Removal;
use crate::commands::Commands;
use crate::store::Directory;
use crate::ui::dialog::{Dialog, DialogBody};

#[component]
pub(super) fn RemoveForm(id: WorkspaceId, name: String, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (commands, directory) = (expect_context::<Commands>(), expect_context::<Directory>());
    let children = RwSignal::new(None::<(Vec<String>, usize)>);
    let problem = RwSignal::new(None::<String>);
    let (busy, done) = (RwSignal::new(false), RwSignal::new(false));
    let title = format!("Remove “{name}”?");
    let submit = move |()| {
        let (id, name) = (id.clone(), name.clone());
        let confirmed = children.get_untracked().is_some();
        busy.set(true);
        spawn_local(async move {
            match commands.remove(&id, &name, confirmed).await {
                Ok(Removal::Removed) => return done.set(true),
                Ok(Removal::Confirm { names, count }) => {
                    children.set(Some(all_inside(directory.inside(&id), names, count)))
                }
                Err(error) => problem.set(Some(error.to_string())),
            }
            busy.set(false);
        });
    };
    let answer = Signal::derive(move || match children.get() {
        Some((_, count)) => format!("Remove all {}", count + 1),
        None => "Remove".to_owned(),
    });
    view! {
        <Dialog title=title on_close=on_close on_submit=submit done=done>
            <DialogBody answer=answer danger=true problem=problem busy=busy>
                {move || match children.get() {
                    None => view! { <p>"Its agent is stopped. This cannot be undone."</p> }.into_any(),
                    Some((names, count)) => view! { <Children names=names count=count /> }.into_any(),
                }}
            </DialogBody>
        </Dialog>
    }
}

/// The server names the direct children; what is known here goes deeper.
fn all_inside(known: Vec<String>, named: Vec<String>, count: usize) -> (Vec<String>, usize) {
    match known.len() {
        deeper if deeper >= count => (known, deeper),
        _ => (named, count),
    }
}

#[component]
fn Children(names: Vec<String>, count: usize) -> impl IntoView {
    let more = count.saturating_sub(names.len());
    view! {
        <p role="alert">{format!("{count} inside it would be removed too:")}</p>
        <ul class="dialog-list">
            {names.into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}
            {(more > 0).then(|| view! { <li class="none">{format!("and {more} more")}</li> })}
        </ul>
    }
}
