//! The dialog that renames a workspace.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use crate::commands::{Command, Commands};
use crate::ui::dialog::{Dialog, DialogBody};
use crate::ui::field::TextField;

#[component]
pub(super) fn RenameDialog(id: WorkspaceId, name: String, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let title = format!("Rename “{name}”");
    let (new_name, done) = (RwSignal::new(name), RwSignal::new(false));
    let submit = move |()| {
        let new_name = new_name.get_untracked().trim().to_owned();
        if !new_name.is_empty() {
            commands.execute_undoable(&id, &Command::Rename(new_name));
        }
        done.set(true);
    };
    view! {
        <Dialog title=title on_close=on_close on_submit=submit done=done>
            <DialogBody answer="Rename">
                <TextField name="new-name" label="Name" value=new_name required=true first=true />
            </DialogBody>
        </Dialog>
    }
}
