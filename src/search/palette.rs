//! The command palette: finds workspaces and commands by a few letters. Ctrl+K or Cmd+K opens it.

use leptos::{ev::KeyboardEvent, html, prelude::*};

use super::palette_commands::{PaletteCommand, palette_commands};
use super::palette_rows::{PaletteRow, PaletteRowView, matching_rows, row_id};
use crate::session::{CameraCommand, Session};
use crate::store::Directory;
use crate::ui::icon::{Glyph, Icon};

/// The toolbar button that opens the palette.
#[component]
pub fn PaletteButton() -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <button
            type="button"
            class="button search"
            aria-label="Search or run a command"
            aria-keyshortcuts="Control+K"
            on:click=move |_| session.panels.palette_open.set(true)
        >
            <Glyph icon=Icon::Search />
            <span class="search-words">"Search"</span>
            <span class="key" aria-hidden="true">
                "Ctrl K"
            </span>
        </button>
    }
}

#[component]
pub fn Palette() -> impl IntoView {
    let session = expect_context::<Session>();
    let commands = palette_commands();
    view! {
        <Show when=move || session.panels.palette_open.get()>
            <OpenPalette commands=commands() />
        </Show>
    }
}

#[component]
fn OpenPalette(commands: Vec<PaletteCommand>) -> impl IntoView {
    let (directory, session) = (expect_context::<Directory>(), expect_context::<Session>());
    let dialog = NodeRef::<html::Dialog>::new();
    let commands = StoredValue::new(commands);
    let query = RwSignal::new(String::new());
    let active = RwSignal::new(0usize);
    // Rows cannot be compared; each query is another list.
    let rows = Memo::new_with_compare(
        move |_| commands.with_value(|commands| matching_rows(&query.get(), directory, commands)),
        |_, _| true,
    );
    dialog.on_load(|dialog| {
        // A dialog that is in the document and closed can be opened.
        let _ = dialog.show_modal();
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let choose = Callback::new(move |index: usize| {
        let chosen = rows.with_untracked(|rows| rows.get(index).cloned());
        // Closing returns the focus, which the command may then move elsewhere.
        close();
        match chosen {
            Some(PaletteRow::Workspace(workspace)) => {
                session.open(workspace.id.clone());
                session.camera_command.set(Some(CameraCommand::Show(workspace.id)));
            }
            Some(PaletteRow::Command(command, _)) => command.run.run(()),
            None => {}
        }
    });
    let on_key = move |event: KeyboardEvent| {
        let count = rows.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => active.update(|index| *index = (*index + 1) % count),
            "ArrowUp" if count > 0 => active.update(|index| *index = (*index + count - 1) % count),
            "Enter" => choose.run(active.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    let close_on_backdrop = move |event: web_sys::MouseEvent| {
        if event.target() == event.current_target() {
            close();
        }
    };
    view! {
        <dialog
            class="palette"
            node_ref=dialog
            aria-label="Search or run a command"
            on:close=move |_| session.panels.palette_open.set(false)
            on:click=close_on_backdrop
        >
            <div class="palette-field">
                <Glyph icon=Icon::Search />
                <input
                    type="text"
                    placeholder="Search workspaces and commands"
                    aria-label="Search workspaces and commands"
                    autocomplete="off"
                    spellcheck="false"
                    autofocus=true
                    role="combobox"
                    aria-autocomplete="list"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-activedescendant=move || rows.with(|rows| !rows.is_empty()).then(|| row_id(active.get()))
                    on:input=move |event| {
                        active.set(0);
                        query.set(event_target_value(&event));
                    }
                    on:keydown=on_key
                />
                <span class="key" aria-hidden="true">
                    "Esc"
                </span>
            </div>
            <div class="palette-list" id="palette-list" role="listbox" aria-label="Results">
                {move || row_list(rows.get(), active, choose)}
                <Show when=move || rows.with(Vec::is_empty)>
                    <p class="palette-none">{move || format!("No results for “{}”", query.get())}</p>
                </Show>
            </div>
            <span class="spoken" role="status">
                {move || match rows.with(Vec::len) {
                    1 => "1 result".to_owned(),
                    count => format!("{count} results"),
                }}
            </span>
        </dialog>
    }
}

/// Returns the rows under their headings.
fn row_list(rows: Vec<PaletteRow>, active: RwSignal<usize>, on_choose: Callback<usize>) -> impl IntoView {
    let first_command = rows.iter().position(|row| matches!(row, PaletteRow::Command(..)));
    let rows = rows.into_iter().enumerate().map(|(index, row)| {
        let heading = match index {
            _ if first_command == Some(index) => Some("Commands"),
            0 => Some("Workspaces"),
            _ => None,
        };
        let is_active = Signal::derive(move || active.get() == index);
        view! {
            {heading.map(|heading| view! { <p class="found-heading" role="presentation">{heading}</p> })}
            <PaletteRowView index row is_active on_choose />
        }
    });
    rows.collect_view()
}
