//! The tier, the model or the end of one or of many. Never the requests.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use crate::commands::Commands;
use crate::commands::bulk::{Bulk, BulkCommand};
use crate::store::Directory;
use crate::ui::dialog::{Dialog, DialogBody};
use crate::ui::field::{ChoiceField, TextField};

/// More names are a number.
const NAMED: usize = 8;

#[component]
pub(super) fn TierForm(of: Vec<WorkspaceId>, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (commands, bulk, directory) =
        (expect_context::<Commands>(), expect_context::<Bulk>(), expect_context::<Directory>());
    let title = format!("Change the tier of {}", called(&of, directory));
    let one = (of.len() == 1).then(|| directory.get(&of[0])).flatten();
    let tier = RwSignal::new(one.as_ref().map_or(1, |it| it.tier).to_string());
    let done = RwSignal::new(false);
    let tiers = (1..=4).map(|tier| (tier.to_string(), format!("T{tier}"))).collect();
    let submit = move |()| {
        if let Ok(tier) = tier.get_untracked().parse() {
            match &one {
                Some(it) if it.tier == tier => {}
                Some(it) => commands.set_tier(it.id.clone(), it.name.clone(), it.tier, tier),
                None => bulk.begin(of.clone(), BulkCommand::Tier(tier)),
            }
        }
        done.set(true);
    };
    view! {
        <Dialog title=title on_close=on_close on_submit=submit done=done>
            <DialogBody answer="Change">
                <ChoiceField name="new-tier" label="Tier" value=tier options=tiers />
            </DialogBody>
        </Dialog>
    }
}

#[component]
pub(super) fn ModelsForm(of: Vec<WorkspaceId>, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (bulk, directory) = (expect_context::<Bulk>(), expect_context::<Directory>());
    let title = format!("Choose the model of {}", called(&of, directory));
    let (model, done) = (RwSignal::new(String::new()), RwSignal::new(false));
    let submit = move |()| {
        let model = model.get_untracked().trim().to_owned();
        if !model.is_empty() {
            bulk.begin(of.clone(), BulkCommand::Model(model));
        }
        done.set(true);
    };
    view! {
        <Dialog title=title on_close=on_close on_submit=submit done=done>
            <DialogBody answer="Choose">
                <TextField
                    name="agents-model"
                    label="Model"
                    value=model
                    placeholder="anthropic:claude-sonnet-4-6"
                    hint="Whoever has no agent gets one."
                    required=true
                    first=true
                />
            </DialogBody>
        </Dialog>
    }
}

#[component]
pub(super) fn RemoveAllForm(of: Vec<WorkspaceId>, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (bulk, directory) = (expect_context::<Bulk>(), expect_context::<Directory>());
    let title = format!("Remove {}?", called(&of, directory));
    let names: Vec<String> = of.iter().take(NAMED).map(|id| named(id, directory)).collect();
    let more = of.len() - names.len();
    let inside: std::collections::HashSet<WorkspaceId> =
        of.iter().flat_map(|id| directory.ids_inside(id)).filter(|id| !of.contains(id)).collect();
    let all = of.len() + inside.len();
    let count = inside.len();
    let done = RwSignal::new(false);
    let submit = move |()| {
        bulk.begin(of.clone(), BulkCommand::Remove);
        done.set(true);
    };
    view! {
        <Dialog title=title on_close=on_close on_submit=submit done=done>
            <DialogBody answer=format!("Remove all {all}") danger=true>
                <p>"Their agents are stopped. This cannot be undone."</p>
                <ul class="dialog-list">
                    {names.into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}
                    {(more > 0).then(|| view! { <li class="none">{format!("and {more} more")}</li> })}
                </ul>
                {(count > 0).then(|| view! { <p role="alert">{format!("{count} inside them would be removed too.")}</p> })}
            </DialogBody>
        </Dialog>
    }
}

pub(super) fn called(of: &[WorkspaceId], directory: Directory) -> String {
    match of {
        [one] => format!("“{}”", named(one, directory)),
        many => format!("{} workspaces", many.len()),
    }
}

fn named(id: &WorkspaceId, directory: Directory) -> String {
    directory.name(id).unwrap_or_else(|| id.to_string())
}
