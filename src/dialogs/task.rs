//! The dialog that gives a task to the agent of a workspace.

use leptos::prelude::*;
use orrery_protocol::{RunId, WorkspaceId};

use super::request::{RequestAction, failure, on_success};
use crate::api::NewTask;
use crate::commands::Commands;
use crate::session::{RunRef, RunsPage, Session};
use crate::ui::dialog::{Dialog, DialogBody};
use crate::ui::field::{ChoiceField, TextField};

const IMMEDIATELY: &str = "immediately";
const AFTER_APPROVAL: &str = "after-approval";

#[component]
pub(super) fn TaskDialog(id: WorkspaceId, name: String, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (commands, session) = (expect_context::<Commands>(), expect_context::<Session>());
    let [title, description] = [(); 2].map(|()| RwSignal::new(String::new()));
    let start = RwSignal::new(IMMEDIATELY.to_owned());
    let starts = [(IMMEDIATELY, "Immediately"), (AFTER_APPROVAL, "After approval")];
    let starts = starts.map(|(value, label)| (value.to_owned(), label.to_owned())).into();
    let give: RequestAction<NewTask, RunId> = Action::new_local(move |new: &NewTask| {
        let new = new.clone();
        async move { commands.give_task(&new).await }
    });
    let done = RwSignal::new(false);
    on_success(give, move |run| {
        done.set(true);
        session.panels.runs_page.set(Some(RunsPage::One(RunRef::Run(run))));
    });
    let submit = move |()| {
        give.dispatch(NewTask {
            title: title.get_untracked(),
            description: description.get_untracked(),
            workspace: id.clone(),
            // Whatever is not clearly a start without approval waits for one.
            requires_approval: start.get_untracked() != IMMEDIATELY,
        });
    };
    view! {
        <Dialog title=format!("New task for “{name}”") on_close=on_close on_submit=submit done=done>
            <DialogBody answer="Start" problem=failure(give) busy=give.pending()>
                <TextField
                    name="task-title"
                    label="Title"
                    value=title
                    required=true
                    first=true
                    placeholder="Summarize the quarterly report"
                />
                <TextField
                    name="task-description"
                    label="Description"
                    value=description
                    hint="Optional. Instructions for the agent. Without them, it gets the title."
                />
                <ChoiceField name="task-start" label="Start" value=start options=starts />
            </DialogBody>
        </Dialog>
    }
}
