//! Into which team one or many go, or out of theirs: found by a few letters. Never the requests.

use std::collections::HashSet;

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use super::many::called;
use crate::commands::bulk::{Bulk, BulkCommand};
use crate::store::{Directory, DirectoryMatch};
use crate::ui::dialog::{Dialog, DialogBody};
use crate::ui::field::TextField;
use crate::ui::icon::Mark;

const SHOWN: usize = 7;

#[component]
pub(super) fn MoveForm(of: Vec<WorkspaceId>, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (bulk, directory) = (expect_context::<Bulk>(), expect_context::<Directory>());
    let title = format!("Move {}", called(&of, directory));
    let (search_index, done) = (RwSignal::new(String::new()), RwSignal::new(false));
    // A team cannot go into itself.
    let not = StoredValue::new(
        of.iter().flat_map(|id| directory.ids_inside(id)).chain(of.iter().cloned()).collect::<HashSet<_>>(),
    );
    let can_leave = of.iter().any(|id| directory.get(id).is_some_and(|it| it.parent_id.is_some()));
    let chosen = RwSignal::new(None::<Option<WorkspaceId>>);
    let found = Memo::new(move |_| {
        let search_index = search_index.get();
        let all = match search_index.trim().is_empty() {
            true => directory.teams(SHOWN + not.with_value(HashSet::len)),
            false => directory.find(&search_index, SHOWN + not.with_value(HashSet::len)),
        };
        all.into_iter().filter(|it| not.with_value(|not| !not.contains(&it.id))).take(SHOWN).collect::<Vec<_>>()
    });
    let problem = RwSignal::new(None::<String>);
    let submit = move |()| match chosen.get_untracked() {
        Some(team) => {
            bulk.begin(of.clone(), BulkCommand::Move(team));
            done.set(true);
        }
        None => problem.set(Some("Choose where to first.".to_owned())),
    };
    let choice = move |it: Option<DirectoryMatch>| {
        let id = it.as_ref().map(|it| it.id.clone());
        let value = id.as_ref().map_or_else(|| "root".to_owned(), ToString::to_string);
        let (status, name) =
            it.map_or((None, "No team: out to the root".to_owned()), |it| (Some(it.status.to_string()), it.name));
        let (set, is) = (id.clone(), id);
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="team"
                    value=value
                    prop:checked=move || chosen.with(|chosen| chosen.as_ref() == Some(&is))
                    on:change=move |_| chosen.set(Some(set.clone()))
                />
                {status.map(|status| view! { <Mark status=Signal::stored(status) /> })}
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <Dialog title=title on_close=on_close on_submit=submit done=done>
            <DialogBody answer="Move" problem=problem>
                <TextField name="move-to" label="Into" value=search_index placeholder="A team or a workspace" first=true />
                <div class="choices" role="radiogroup" aria-label="Where to">
                    {can_leave.then(|| choice(None))}
                    {move || found.get().into_iter().map(|it| choice(Some(it))).collect_view()}
                    {move || found.with(Vec::is_empty).then(|| {
                        let words = match search_index.with(|search_index| search_index.trim().is_empty()) {
                            true => "There is no team yet: write the name of a workspace, and it becomes one.",
                            false => "Nothing is called so.",
                        };
                        view! { <p class="none">{words}</p> }
                    })}
                </div>
            </DialogBody>
        </Dialog>
    }
}
