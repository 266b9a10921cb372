//! The rows of the palette: the workspaces and commands that match a query, and how one is shown.

use leptos::{html, prelude::*};

use super::palette_commands::PaletteCommand;
use crate::store::{Directory, Found};
use crate::store::{Fit, fit};
use crate::ui::icon::{Glyph, Mark};

const MAX_WORKSPACES: usize = 8;
/// Without a query all commands are listed.
const MAX_COMMANDS: usize = 7;

#[derive(Clone)]
pub(super) enum PaletteRow {
    Workspace(Found),
    /// With the indices of the letters that matched.
    Command(PaletteCommand, Vec<usize>),
}

/// Returns the rows that match a query, the best first: workspaces, then commands.
pub(super) fn matching_rows(query: &str, directory: Directory, commands: &[PaletteCommand]) -> Vec<PaletteRow> {
    let matching = |command: &PaletteCommand| Some((fit(query, &command.label)?, command.clone()));
    let mut fits: Vec<(Fit, PaletteCommand)> = commands.iter().filter_map(matching).collect();
    fits.sort_by_key(|(fit, _)| -fit.score);
    let max_commands = if query.trim().is_empty() { usize::MAX } else { MAX_COMMANDS };
    let workspaces = directory.find(query, MAX_WORKSPACES).into_iter().map(PaletteRow::Workspace);
    let commands = fits.into_iter().take(max_commands);
    workspaces.chain(commands.map(|(fit, command)| PaletteRow::Command(command, fit.search_index))).collect()
}

/// Returns the element id of a row, for `aria-activedescendant`.
pub(super) fn row_id(index: usize) -> String {
    format!("palette-option-{index}")
}

#[component]
pub(super) fn PaletteRowView(
    index: usize,
    row: PaletteRow,
    is_active: Signal<bool>,
    on_choose: Callback<usize>,
) -> impl IntoView {
    let element = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(element) = element.get().filter(|_| is_active.get()) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    let content = match row {
        PaletteRow::Workspace(workspace) => {
            let status = workspace.status.to_string();
            let spoken_status = format!(", {status}");
            view! {
                <Mark status=Signal::stored(status) />
                <span class="found-name">{highlighted(&workspace.name, &workspace.search_index)}</span>
                <span class="spoken">{spoken_status}</span>
                <span class="found-hint">{workspace.hint}</span>
            }
            .into_any()
        }
        PaletteRow::Command(PaletteCommand { label, shortcut, icon, .. }, matched) => view! {
            <Glyph icon />
            <span class="found-name">{highlighted(&label, &matched)}</span>
            <span class="found-hint">
                {(!shortcut.is_empty()).then(|| view! { <span class="key">{shortcut}</span> })}
            </span>
        }
        .into_any(),
    };
    view! {
        <div
            class="found-row"
            role="option"
            id=row_id(index)
            node_ref=element
            aria-selected=move || is_active.get().to_string()
            on:click=move |_| on_choose.run(index)
        >
            {content}
        </div>
    }
}

/// Returns the text with the matched letters in bold. `matched` has their indices, in ascending order.
fn highlighted(text: &str, matched: &[usize]) -> Vec<AnyView> {
    let mut runs: Vec<(bool, String)> = Vec::new();
    for (index, letter) in text.chars().enumerate() {
        let is_match = matched.binary_search(&index).is_ok();
        match runs.last_mut() {
            Some((is_bold, run)) if *is_bold == is_match => run.push(letter),
            _ => runs.push((is_match, letter.to_string())),
        }
    }
    let run_view = |(is_bold, run): (bool, String)| match is_bold {
        true => view! { <b>{run}</b> }.into_any(),
        false => run.into_any(),
    };
    runs.into_iter().map(run_view).collect()
}
