//! The dialog that assigns an agent to a workspace, or replaces the model of its agent.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use crate::commands::{Command, Commands};
use crate::ui::dialog::{Dialog, DialogBody};
use crate::ui::field::TextField;

#[component]
pub(super) fn ModelDialog(
    id: WorkspaceId,
    name: String,
    model: Option<String>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let (title, answer) = match model {
        None => (format!("Assign an agent to “{name}”"), "Assign"),
        Some(_) => (format!("Change the model of “{name}”"), "Change"),
    };
    let (new_model, done) = (RwSignal::new(model.unwrap_or_default()), RwSignal::new(false));
    let submit = move |()| {
        let new_model = new_model.get_untracked().trim().to_owned();
        if !new_model.is_empty() {
            commands.execute_undoable(&id, &Command::SetModel(new_model));
        }
        done.set(true);
    };
    view! {
        <Dialog title=title on_close=on_close on_submit=submit done=done>
            <DialogBody answer=answer>
                <TextField
                    name="agent-model"
                    label="Model"
                    value=new_model
                    placeholder="anthropic:claude-sonnet-4-6"
                    required=true
                    first=true
                />
            </DialogBody>
        </Dialog>
    }
}
