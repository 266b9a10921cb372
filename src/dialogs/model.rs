//! The model of a workspace's agent: the first one, or another one. Never the request.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use crate::commands::Commands;
use crate::ui::dialog::{Dialog, DialogBody};
use crate::ui::field::TextField;

#[component]
pub(super) fn ModelForm(
    id: WorkspaceId,
    name: String,
    now: Option<String>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let (is_first, called) = (now.is_none(), name.clone());
    let (model, done) = (RwSignal::new(now.clone().unwrap_or_default()), RwSignal::new(false));
    let submit = move |()| {
        let model = model.get_untracked().trim().to_owned();
        if !model.is_empty() && Some(&model) != now.as_ref() {
            commands.set_model(id.clone(), name.clone(), now.clone(), model);
        }
        done.set(true);
    };
    let (title, answer) = match is_first {
        true => (format!("Assign an agent to {called}"), "Assign"),
        false => (format!("Replace the model of {called}"), "Replace"),
    };
    view! {
        <Dialog title=title on_close=on_close on_submit=submit done=done>
            <DialogBody answer=answer>
                <TextField
                    name="agent-model"
                    label="Model"
                    value=model
                    placeholder="anthropic:claude-sonnet-4-6"
                    required=true
                    first=true
                />
            </DialogBody>
        </Dialog>
    }
}
