//! The dialog that moves workspaces into a team or out of all teams. The team is found by its name.

use std::collections::HashSet;

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use super::bulk::describe;
use crate::commands::Command;
use crate::commands::bulk::Bulk;
use crate::store::{Directory, DirectoryMatch};
use crate::ui::dialog::{Dialog, DialogBody};
use crate::ui::field::TextField;
use crate::ui::icon::Mark;

const MOST_TEAMS: usize = 7;

/// Where the workspaces go: into a team, or out of all teams.
type Destination = Option<WorkspaceId>;

#[component]
pub(super) fn MoveDialog(ids: Vec<WorkspaceId>, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (bulk, directory) = (expect_context::<Bulk>(), expect_context::<Directory>());
    let title = format!("Move {}", describe(&ids, directory));
    let (query, done) = (RwSignal::new(String::new()), RwSignal::new(false));
    let destination = RwSignal::new(None::<Destination>);
    let can_leave = ids.iter().any(|id| directory.get(id).is_some_and(|workspace| workspace.parent_id.is_some()));
    // A team cannot move into itself.
    let excluded: HashSet<WorkspaceId> =
        ids.iter().flat_map(|id| directory.ids_inside(id)).chain(ids.iter().cloned()).collect();
    let teams = Memo::new(move |_| {
        let most = MOST_TEAMS + excluded.len();
        let found = query.with(|query| match query.trim().is_empty() {
            true => directory.teams(most),
            false => directory.find(query, most),
        });
        found.into_iter().filter(|team| !excluded.contains(&team.id)).take(MOST_TEAMS).collect::<Vec<_>>()
    });
    let problem = RwSignal::new(None::<String>);
    let submit = move |()| match destination.get_untracked() {
        Some(team) => {
            bulk.execute(ids.clone(), &Command::MoveInto(team));
            done.set(true);
        }
        None => problem.set(Some("Select a team.".to_owned())),
    };
    let nothing_found = move || match query.with(|query| query.trim().is_empty()) {
        true => "No teams yet. Search for a workspace: it becomes a team when others move into it.",
        false => "No workspace with that name",
    };
    view! {
        <Dialog title=title on_close=on_close on_submit=submit done=done>
            <DialogBody answer="Move" problem=problem>
                <TextField name="move-to" label="Move to" value=query placeholder="Search teams and workspaces" first=true />
                <div class="choices" role="radiogroup" aria-label="Teams">
                    {can_leave.then(|| view! { <DestinationChoice destination=destination team=None /> })}
                    <For
                        each=move || teams.get()
                        key=|team| team.id.clone()
                        children=move |team| view! { <DestinationChoice destination=destination team=Some(team) /> }
                    />
                    <Show when=move || teams.with(Vec::is_empty)>
                        <p class="none">{nothing_found}</p>
                    </Show>
                </div>
            </DialogBody>
        </Dialog>
    }
}

#[component]
fn DestinationChoice(destination: RwSignal<Option<Destination>>, team: Option<DirectoryMatch>) -> impl IntoView {
    let id: Destination = team.as_ref().map(|team| team.id.clone());
    let value = id.as_ref().map_or_else(|| "root".to_owned(), ToString::to_string);
    let (status, name) = match team {
        Some(team) => (Some(team.status.to_string()), team.name),
        None => (None, "No team".to_owned()),
    };
    let own = id.clone();
    let is_selected = move || destination.with(|destination| destination.as_ref() == Some(&own));
    view! {
        <label class="choice">
            <input
                type="radio"
                name="team"
                value=value
                prop:checked=is_selected
                on:change=move |_| destination.set(Some(id.clone()))
            />
            {status.map(|status| view! { <Mark status=Signal::stored(status) /> })}
            <span>{name}</span>
        </label>
    }
}
