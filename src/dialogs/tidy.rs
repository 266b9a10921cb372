//! The dialog that tidies up everything or one team. It says how many workspaces will move before they do.

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::WorkspaceId;

use crate::commands::{Commands, TidyUp};
use crate::ui::dialog::{Dialog, DialogBody};

#[component]
pub(super) fn TidyDialog(team: Option<(WorkspaceId, String)>, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let title = match &team {
        Some((_, name)) => format!("Tidy up “{name}”"),
        None => "Tidy up everything".to_owned(),
    };
    let team = team.map(|(id, _)| id);
    let moves_pinned = RwSignal::new(false);
    let tidy_up = move || TidyUp { team: team.clone(), moves_pinned: moves_pinned.get() };
    let (preview, problem) = (RwSignal::new(None::<usize>), RwSignal::new(None::<String>));
    let asked = tidy_up.clone();
    Effect::new(move |_| {
        let tidy_up = asked();
        preview.set(None);
        spawn_local(async move {
            match commands.preview_tidy_up(&tidy_up).await {
                // The choice may have changed while the server answered.
                Ok(rearranged) if moves_pinned.get_untracked() == tidy_up.moves_pinned => {
                    preview.set(Some(rearranged.count));
                }
                Ok(_) => {}
                Err(error) => problem.set(Some(format!("The server did not say what would move: {error}"))),
            }
        });
    });
    let done = RwSignal::new(false);
    let submit = move |()| {
        commands.tidy_up(untrack(&tidy_up));
        done.set(true);
    };
    let sentence = move || match preview.get() {
        None => "Counting the workspaces that will move…".to_owned(),
        Some(0) => "Nothing will move: everything is tidy already.".to_owned(),
        Some(1) => "1 workspace will move, for everybody who looks at the canvas. You can undo it.".to_owned(),
        Some(count) => format!("{count} workspaces will move, for everybody who looks at the canvas. You can undo it."),
    };
    view! {
        <Dialog title=title on_close=on_close on_submit=submit done=done>
            <DialogBody answer="Tidy up" problem=problem>
                <p>"Teams come first, then workspaces, in the order of their names."</p>
                <label class="tidy-pinned">
                    <input
                        type="checkbox"
                        prop:checked=move || moves_pinned.get()
                        on:change=move |event| moves_pinned.set(event_target_checked(&event))
                    />
                    " Also move workspaces that were placed by hand"
                </label>
                <p role="status">{sentence}</p>
            </DialogBody>
        </Dialog>
    }
}
