//! The dialog that creates a workspace.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use super::request::{RequestAction, failure, on_success};
use crate::api::NewWorkspace;
use crate::commands::Commands;
use crate::session::Session;
use crate::store::Directory;
use crate::ui::dialog::{Dialog, DialogBody};
use crate::ui::field::{ChoiceField, TextField};

#[component]
pub(super) fn CreateDialog(
    parent: Option<(WorkspaceId, String)>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let (commands, session) = (expect_context::<Commands>(), expect_context::<Session>());
    let [name, role, model] = [(); 3].map(|()| RwSignal::new(String::new()));
    let tier = RwSignal::new("1".to_owned());
    let team = RwSignal::new(parent.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default());
    let teams = team_options(expect_context::<Directory>(), parent);
    let create: RequestAction<NewWorkspace, WorkspaceId> = Action::new_local(move |new: &NewWorkspace| {
        let new = new.clone();
        async move { commands.create(new).await }
    });
    let done = RwSignal::new(false);
    on_success(create, move |id| {
        done.set(true);
        session.open(id);
    });
    let submit = move |()| {
        create.dispatch(NewWorkspace {
            name: name.get_untracked(),
            role: role.get_untracked(),
            tier: tier.get_untracked().parse().unwrap_or(1),
            parent: WorkspaceId::parse(&team.get_untracked()).ok(),
            model: model.get_untracked(),
        });
    };
    view! {
        <Dialog title="New workspace" on_close=on_close on_submit=submit done=done>
            <DialogBody answer="Create" problem=failure(create) busy=create.pending()>
                <TextField name="workspace-name" label="Name" value=name required=true first=true />
                <TextField name="workspace-role" label="Role" value=role placeholder="Research assistant" />
                <div class="dialog-row">
                    <ChoiceField name="workspace-tier" label="Tier" value=tier options=tier_options() />
                    <ChoiceField name="workspace-team" label="Team" value=team options=teams />
                </div>
                <TextField
                    name="workspace-model"
                    label="Model"
                    value=model
                    placeholder="anthropic:claude-sonnet-4-6"
                    hint="Optional. You can assign an agent later."
                />
            </DialogBody>
        </Dialog>
    }
}

/// Returns the tiers as values and labels of a choice.
pub(super) fn tier_options() -> Vec<(String, String)> {
    (1..=4).map(|tier| (tier.to_string(), format!("T{tier}"))).collect()
}

/// A longer list is hard to choose from. Any workspace becomes a team by "Add workspace inside" in its menu.
const MOST_TEAMS: usize = 200;

fn team_options(directory: Directory, parent: Option<(WorkspaceId, String)>) -> Vec<(String, String)> {
    let others = directory.teams(MOST_TEAMS).into_iter().map(|team| (team.id, team.name));
    let others = others.filter(|(id, _)| parent.as_ref().is_none_or(|(parent, _)| parent != id));
    let teams = parent.clone().into_iter().chain(others).map(|(id, name)| (id.to_string(), name));
    [(String::new(), "No team".to_owned())].into_iter().chain(teams).collect()
}
