//! A new workspace: what it is called, for what, in which team, with which model. Never the request.

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::WorkspaceId;

use crate::api::NewWorkspace;
use crate::commands::Commands;
use crate::session::Session;
use crate::store::Directory;
use crate::ui::dialog::{Dialog, DialogBody};
use crate::ui::field::{ChoiceField, TextField};

const TIERS: [&str; 4] = ["T1", "T2", "T3", "T4"];

#[component]
pub(super) fn CreateForm(parent: Option<(WorkspaceId, String)>, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (commands, session) = (expect_context::<Commands>(), expect_context::<Session>());
    let [name, role, model] = [(); 3].map(|()| RwSignal::new(String::new()));
    let tier = RwSignal::new("1".to_owned());
    let team = RwSignal::new(parent.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default());
    let teams = teams(expect_context::<Directory>(), parent);
    let tiers = || TIERS.iter().zip(1..).map(|(words, tier)| (tier.to_string(), (*words).to_owned())).collect();
    let problem = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let done = RwSignal::new(false);
    let submit = move |()| {
        let new = NewWorkspace {
            name: name.get_untracked(),
            role: role.get_untracked(),
            tier: tier.get_untracked().parse().unwrap_or(1),
            parent: WorkspaceId::parse(&team.get_untracked()).ok(),
            model: model.get_untracked(),
        };
        busy.set(true);
        spawn_local(async move {
            match commands.create(new).await {
                Ok(id) => {
                    done.set(true);
                    session.open(id);
                }
                Err(error) => {
                    problem.set(Some(error.to_string()));
                    busy.set(false);
                }
            }
        });
    };
    view! {
        <Dialog title="New workspace" on_close=on_close on_submit=submit done=done>
            <DialogBody answer="Create" problem=problem busy=busy>
                <TextField name="workspace-name" label="Name" value=name required=true first=true />
                <TextField name="workspace-role" label="Role" value=role placeholder="What it is for" />
                <div class="dialog-row">
                    <ChoiceField name="workspace-tier" label="Tier" value=tier options=tiers() />
                    <ChoiceField name="workspace-team" label="Team" value=team options=teams />
                </div>
                <TextField
                    name="workspace-model"
                    label="Model"
                    value=model
                    placeholder="anthropic:claude-sonnet-4-6"
                    hint="Leave it empty to assign an agent later."
                />
            </DialogBody>
        </Dialog>
    }
}

/// A list longer than this is no choice; any workspace becomes a team by "New workspace in it".
const TEAMS: usize = 200;

fn teams(directory: Directory, parent: Option<(WorkspaceId, String)>) -> Vec<(String, String)> {
    let others = directory.teams(TEAMS).into_iter().map(|team| (team.id, team.name));
    let others = others.filter(|(id, _)| parent.as_ref().is_none_or(|(own, _)| own != id));
    let named = parent.clone().into_iter().chain(others).map(|(id, name)| (id.to_string(), name));
    [(String::new(), "No team".to_owned())].into_iter().chain(named).collect()
}
