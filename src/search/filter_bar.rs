//! The filter bar: the text and the choices of the filter, and how many workspaces match it.

use leptos::{ev::KeyboardEvent, html, prelude::*};

use super::filter_select::FilterSelects;
use super::filtering::apply_filter;
use crate::a11y::tree::focus_tree_if_lost;
use crate::session::Session;
use crate::store::Filter;
use crate::ui::button::{Button, ButtonVariant, IconButton};
use crate::ui::icon::{Glyph, Icon};

/// The toolbar button that opens the bar and shows whether a filter is active.
#[component]
pub fn FilterButton() -> impl IntoView {
    let session = expect_context::<Session>();
    let is_active = is_filter_active(session);
    let label = move || if is_active.get() { "Filter workspaces (active)" } else { "Filter workspaces (/)" };
    view! {
        <button
            type="button"
            class="button"
            data-variant="quiet"
            data-size="icon"
            aria-label=label
            title=label
            aria-expanded=move || session.panels.filter_bar_open.get().to_string()
            aria-pressed=move || is_active.get().to_string()
            on:click=move |_| session.panels.filter_bar_open.update(|is_open| *is_open = !*is_open)
        >
            <Glyph icon=Icon::Filter />
        </button>
    }
}

/// Shown over the canvas while it is open or a filter is active.
#[component]
pub fn FilterBar() -> impl IntoView {
    let session = expect_context::<Session>();
    let is_active = is_filter_active(session);
    let is_shown = Memo::new(move |_| session.panels.filter_bar_open.get() || is_active.get());
    let matches = apply_filter(is_shown);
    let count = move || {
        let matches = matches.get();
        format!("{} of {}", matches.matching, matches.total)
    };
    let clear = move || session.filter.set(Filter::default());
    let close = move || {
        clear();
        session.panels.filter_bar_open.set(false);
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            close();
            focus_tree_if_lost();
        }
    };
    view! {
        <Show when=move || is_shown.get()>
            <div class="filter-bar" role="search" aria-label="Filter workspaces" on:keydown=on_key>
                <FilterText />
                <FilterSelects />
                <span class="filter-count" role="status">
                    {count}
                </span>
                <Show when=move || is_active.get()>
                    <Button small=true variant=ButtonVariant::Quiet on_press=move |_| clear()>
                        "Clear"
                    </Button>
                </Show>
                <IconButton icon=Icon::Close label="Close and clear filter" on_press=move |_| close() />
            </div>
        </Show>
    }
}

fn is_filter_active(session: Session) -> Memo<bool> {
    Memo::new(move |_| session.filter.with(|filter| !filter.is_empty()))
}

#[component]
fn FilterText() -> impl IntoView {
    let session = expect_context::<Session>();
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get().filter(|_| session.panels.filter_bar_open.get()) {
            // The input is in the document, so it can be focused.
            let _ = field.focus();
        }
    });
    view! {
        <input
            class="input"
            type="text"
            name="filter-text"
            node_ref=field
            placeholder="Name, role, task or skill"
            aria-label="Filter by text"
            autocomplete="off"
            spellcheck="false"
            prop:value=move || session.filter.with(|filter| filter.text.clone())
            on:input=move |event| session.filter.update(|filter| filter.text = event_target_value(&event))
        />
    }
}
