//! The dialogs about one or many workspaces: tier, model and removal.

use std::collections::HashSet;

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use super::create::tier_options;
use crate::commands::Command;
use crate::commands::bulk::Bulk;
use crate::store::Directory;
use crate::ui::dialog::{Dialog, DialogBody};
use crate::ui::field::{ChoiceField, TextField};

/// Further workspaces are counted instead of named.
const MOST_NAMES: usize = 8;

#[component]
pub(super) fn TierDialog(ids: Vec<WorkspaceId>, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (bulk, directory) = (expect_context::<Bulk>(), expect_context::<Directory>());
    let title = format!("Change the tier of {}", describe(&ids, directory));
    let single = (ids.len() == 1).then(|| directory.get(&ids[0])).flatten();
    let tier = RwSignal::new(single.map_or(1, |workspace| workspace.tier).to_string());
    let done = RwSignal::new(false);
    let submit = move |()| {
        if let Ok(tier) = tier.get_untracked().parse() {
            bulk.execute(ids.clone(), &Command::SetTier(tier));
        }
        done.set(true);
    };
    view! {
        <Dialog title=title on_close=on_close on_submit=submit done=done>
            <DialogBody answer="Change">
                <ChoiceField name="new-tier" label="Tier" value=tier options=tier_options() />
            </DialogBody>
        </Dialog>
    }
}

#[component]
pub(super) fn BulkModelDialog(ids: Vec<WorkspaceId>, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (bulk, directory) = (expect_context::<Bulk>(), expect_context::<Directory>());
    let title = format!("Change the model of {}", describe(&ids, directory));
    let (model, done) = (RwSignal::new(String::new()), RwSignal::new(false));
    let submit = move |()| {
        let model = model.get_untracked().trim().to_owned();
        if !model.is_empty() {
            bulk.execute(ids.clone(), &Command::SetModel(model));
        }
        done.set(true);
    };
    view! {
        <Dialog title=title on_close=on_close on_submit=submit done=done>
            <DialogBody answer="Change">
                <TextField
                    name="agents-model"
                    label="Model"
                    value=model
                    placeholder="anthropic:claude-sonnet-4-6"
                    hint="Workspaces without an agent get one."
                    required=true
                    first=true
                />
            </DialogBody>
        </Dialog>
    }
}

#[component]
pub(super) fn BulkRemoveDialog(ids: Vec<WorkspaceId>, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (bulk, directory) = (expect_context::<Bulk>(), expect_context::<Directory>());
    let title = format!("Remove {}?", describe(&ids, directory));
    let names: Vec<String> = ids.iter().take(MOST_NAMES).map(|id| name(id, directory)).collect();
    let more = ids.len() - names.len();
    let inside: HashSet<WorkspaceId> =
        ids.iter().flat_map(|id| directory.ids_inside(id)).filter(|id| !ids.contains(id)).collect();
    let (inside, total) = (inside.len(), ids.len() + inside.len());
    let teams: HashSet<WorkspaceId> = ids.iter().filter(|id| directory.is_team(id)).cloned().collect();
    let done = RwSignal::new(false);
    let submit = move |()| {
        bulk.remove(ids.clone(), &teams);
        done.set(true);
    };
    let question = match inside {
        1 => "1 workspace inside them will be removed, too.".to_owned(),
        count => format!("{count} workspaces inside them will be removed, too."),
    };
    view! {
        <Dialog title=title on_close=on_close on_submit=submit done=done>
            <DialogBody answer=format!("Remove {total} workspaces") danger=true>
                <p>"Their agents will be stopped. This cannot be undone."</p>
                <ul class="dialog-list">
                    {names.into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}
                    {(more > 0).then(|| view! { <li class="none">{format!("and {more} more")}</li> })}
                </ul>
                {(inside > 0).then(|| view! { <p role="alert">{question}</p> })}
            </DialogBody>
        </Dialog>
    }
}

/// Returns the name of a single workspace in quotes, or how many they are.
pub(super) fn describe(ids: &[WorkspaceId], directory: Directory) -> String {
    match ids {
        [id] => format!("“{}”", name(id, directory)),
        ids => format!("{} workspaces", ids.len()),
    }
}

fn name(id: &WorkspaceId, directory: Directory) -> String {
    directory.name(id).unwrap_or_else(|| id.to_string())
}
