//! A task for the agent of one workspace: planned and run at once. Never the requests, never the run.

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::WorkspaceId;

use crate::api::NewTask;
use crate::commands::Commands;
use crate::session::{RunRef, RunsPage, Session};
use crate::ui::dialog::{Dialog, DialogBody};
use crate::ui::field::{ChoiceField, TextField};

#[component]
pub(super) fn TaskForm(id: WorkspaceId, name: String, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (commands, session) = (expect_context::<Commands>(), expect_context::<Session>());
    let [title, description] = [(); 2].map(|()| RwSignal::new(String::new()));
    let start = RwSignal::new(AT_ONCE.to_owned());
    let starts = [(AT_ONCE, "At once"), (ASKED, "When it is approved")];
    let starts = starts.map(|(value, words)| (value.to_owned(), words.to_owned())).into();
    let problem = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let done = RwSignal::new(false);
    let submit = move |()| {
        let new = NewTask {
            title: title.get_untracked(),
            description: description.get_untracked(),
            workspace: id.clone(),
            requires_approval: start.get_untracked() == ASKED,
        };
        busy.set(true);
        spawn_local(async move {
            match commands.give_task(&new).await {
                Ok(run) => {
                    done.set(true);
                    session.panels.runs_page.set(Some(RunsPage::One(RunRef::Run(run))));
                }
                Err(error) => {
                    problem.set(Some(error.to_string()));
                    busy.set(false);
                }
            }
        });
    };
    view! {
        <Dialog title=format!("A task for {name}") on_close=on_close on_submit=submit done=done>
            <DialogBody answer="Give it" problem=problem busy=busy>
                <TextField
                    name="task-title"
                    label="Task"
                    value=title
                    required=true
                    first=true
                    placeholder="Summarise the quarterly report"
                />
                <TextField
                    name="task-description"
                    label="In more words"
                    value=description
                    hint="What the agent is told; the task itself when this is empty."
                />
                <ChoiceField name="task-start" label="It starts" value=start options=starts />
            </DialogBody>
        </Dialog>
    }
}

const AT_ONCE: &str = "at once";
const ASKED: &str = "when approved";
