//! The palette: a few letters find a workspace or a command, Enter does it. Ctrl or Cmd with K from anywhere.
//! Never a command of its own.

use leptos::{ev::KeyboardEvent, html, prelude::*};

use super::commands::{Command, commands};
use crate::session::{CameraCommand, Session};
use crate::store::{Directory, DirectoryMatch};
use crate::store::{FuzzyMatch, fuzzy_match};
use crate::ui::icon::{Glyph, Icon, Mark};

const WORKSPACES: usize = 8;
const COMMANDS: usize = 7;

#[derive(Clone)]
enum Row {
    Workspace(DirectoryMatch),
    Command(Command, Vec<usize>),
}

/// The button in the bar: the palette can be found without knowing its key.
#[component]
pub fn PaletteButton() -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <button type="button" class="button search" aria-label="Find or do" aria-keyshortcuts="Control+K" on:click=move |_| session.panels.palette_open.set(true)>
            <Glyph icon=Icon::Search />
            <span class="search-words">"Find or do"</span>
            <span class="key" aria-hidden="true">"Ctrl K"</span>
        </button>
    }
}

#[component]
pub fn Palette() -> impl IntoView {
    let session = expect_context::<Session>();
    let commands = commands();
    move || session.panels.palette_open.get().then(|| view! { <Open commands=commands() /> })
}

#[component]
fn Open(commands: Vec<Command>) -> impl IntoView {
    let (directory, session) = (expect_context::<Directory>(), expect_context::<Session>());
    let dialog = NodeRef::<html::Dialog>::new();
    let commands = StoredValue::new(commands);
    let search_index = RwSignal::new(String::new());
    let at = RwSignal::new(0usize);
    let rows = Memo::new_with_compare(move |_| rows(&search_index.get(), directory, commands), |_, _| true);
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get().filter(|dialog| !dialog.open()) {
            // It is in the page and not open: it can be shown.
            let _ = dialog.show_modal();
        }
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let choose = Callback::new(move |index: usize| {
        let chosen = rows.with_untracked(|rows| rows.get(index).cloned());
        // First closed, so that the focus goes back before the deed moves it on.
        close();
        match chosen {
            Some(Row::Workspace(one)) => {
                session.open(one.id.clone());
                session.camera_command.set(Some(CameraCommand::Show(one.id)));
            }
            Some(Row::Command(command, _)) => command.act.run(()),
            None => {}
        }
    });
    let on_key = move |event: KeyboardEvent| {
        let count = rows.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => at.update(|at| *at = (*at + 1) % count),
            "ArrowUp" if count > 0 => at.update(|at| *at = (*at + count - 1) % count),
            "Enter" => choose.run(at.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    let on_backdrop = move |event: web_sys::MouseEvent| {
        if event.target() == event.current_target() {
            close();
        }
    };
    let list = move || {
        let rows = rows.get();
        let first_command = rows.iter().position(|row| matches!(row, Row::Command(..)));
        let shown = rows.into_iter().enumerate().map(|(index, row)| {
            let heading = match index {
                _ if first_command == Some(index) => Some("Commands"),
                0 => Some("Workspaces"),
                _ => None,
            };
            let is_at = Signal::derive(move || at.get() == index);
            view! {
                {heading.map(|words| view! { <p class="found-heading" role="presentation">{words}</p> })}
                <RowView index=index row=row is_at=is_at on_choose=choose />
            }
        });
        shown.collect_view()
    };
    view! {
        <dialog class="palette" node_ref=dialog aria-label="Find or do" on:close=move |_| session.panels.palette_open.set(false) on:click=on_backdrop>
            <div class="palette-field">
                <Glyph icon=Icon::Search />
                <input
                    type="text"
                    placeholder="Find a workspace or a command"
                    aria-label="Find a workspace or a command"
                    autocomplete="off"
                    spellcheck="false"
                    autofocus=true
                    role="combobox"
                    aria-autocomplete="list"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-activedescendant=move || rows.with(|rows| !rows.is_empty()).then(|| option_id(at.get()))
                    on:input=move |event| {
                        at.set(0);
                        search_index.set(event_target_value(&event));
                    }
                    on:keydown=on_key
                />
                <span class="key" aria-hidden="true">"Esc"</span>
            </div>
            <div class="palette-list" id="palette-list" role="listbox" aria-label="Found">
                {list}
                {move || {
                    rows.with(Vec::is_empty).then(|| view! { <p class="palette-none">{format!("Nothing fits “{}”", search_index.get())}</p> })
                }}
            </div>
            <span class="spoken" role="status">{move || rows.with(|rows| format!("{} found", rows.len()))}</span>
        </dialog>
    }
}

/// Without letters: the commands, those for the selected workspace first.
fn rows(search_index: &str, directory: Directory, commands: StoredValue<Vec<Command>>) -> Vec<Row> {
    let mut fitting: Vec<(FuzzyMatch, Command)> = commands.with_value(|all| {
        all.iter().filter_map(|command| Some((fuzzy_match(search_index, &command.words)?, command.clone()))).collect()
    });
    fitting.sort_by_key(|(fit, _)| -fit.score);
    let most = if search_index.trim().is_empty() { usize::MAX } else { COMMANDS };
    let workspaces = directory.find(search_index, WORKSPACES).into_iter().map(Row::Workspace);
    workspaces
        .chain(fitting.into_iter().take(most).map(|(fit, command)| Row::Command(command, fit.positions)))
        .collect()
}

fn option_id(index: usize) -> String {
    format!("palette-option-{index}")
}

#[component]
fn RowView(index: usize, row: Row, is_at: Signal<bool>, on_choose: Callback<usize>) -> impl IntoView {
    let element = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(element) = element.get().filter(|_| is_at.get()) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    let content = match row {
        Row::Workspace(one) => {
            let status = one.status.to_string();
            let spoken = format!(", {status}");
            view! {
                <Mark status=Signal::stored(status) />
                <span class="found-name">{marked(&one.name, &one.positions)}</span>
                <span class="spoken">{spoken}</span>
                <span class="found-hint">{one.hint}</span>
            }
            .into_any()
        }
        Row::Command(command, search_index) => view! {
            <Glyph icon=command.icon />
            <span class="found-name">{marked(&command.words, &search_index)}</span>
            <span class="found-hint">
                {(!command.keys.is_empty()).then(|| view! { <span class="key">{command.keys}</span> })}
            </span>
        }
        .into_any(),
    };
    view! {
        <div
            class="found-row"
            role="option"
            id=option_id(index)
            node_ref=element
            aria-selected=move || is_at.get().to_string()
            on:click=move |_| on_choose.run(index)
        >
            {content}
        </div>
    }
}

/// The letters that were meant stand out.
fn marked(text: &str, search_index: &[usize]) -> Vec<AnyView> {
    let mut runs: Vec<(bool, String)> = Vec::new();
    for (at, letter) in text.chars().enumerate() {
        let is_meant = search_index.binary_search(&at).is_ok();
        match runs.last_mut() {
            Some((meant, run)) if *meant == is_meant => run.push(letter),
            _ => runs.push((is_meant, letter.to_string())),
        }
    }
    let run = |(is_meant, run): (bool, String)| match is_meant {
        true => view! { <b>{run}</b> }.into_any(),
        false => run.into_any(),
    };
    runs.into_iter().map(run).collect()
}
