//! Another name for a workspace. Never the request.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use crate::commands::Commands;
use crate::ui::dialog::{Dialog, DialogBody};
use crate::ui::field::TextField;

#[component]
pub(super) fn RenameForm(id: WorkspaceId, name: String, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let called = name.clone();
    let (new, done) = (RwSignal::new(name.clone()), RwSignal::new(false));
    let submit = move |()| {
        let new = new.get_untracked().trim().to_owned();
        if !new.is_empty() && new != name {
            commands.rename(id.clone(), name.clone(), new);
        }
        done.set(true);
    };
    let title = format!("Rename {called}");
    view! {
        <Dialog title=title on_close=on_close on_submit=submit done=done>
            <DialogBody answer="Rename">
                <TextField name="new-name" label="Name" value=new required=true first=true />
            </DialogBody>
        </Dialog>
    }
}
