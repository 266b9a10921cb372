//! Finds a workspace by a few letters and goes there: Ctrl or Cmd with K from anywhere. Never filters the canvas.

use leptos::{ev, ev::KeyboardEvent, html, prelude::*};

use crate::roster::{Found, Roster};
use crate::session::{Session, Wish};
use crate::ui::icon::{Glyph, Icon, Mark};

const SHOWN: usize = 8;

#[component]
pub(super) fn Search() -> impl IntoView {
    let (roster, session) = (expect_context::<Roster>(), expect_context::<Session>());
    let field = NodeRef::<html::Input>::new();
    let letters = RwSignal::new(String::new());
    let found = RwSignal::new(Vec::<Found>::new());
    let at = RwSignal::new(0usize);
    let is_open = RwSignal::new(false);
    let close = move || {
        is_open.set(false);
        letters.set(String::new());
        found.set(Vec::new());
    };
    let sought = move |text: String| {
        found.set(roster.find(&text, SHOWN));
        is_open.set(!text.trim().is_empty());
        letters.set(text);
        at.set(0);
    };
    let go = Callback::new(move |one: Found| {
        session.open(one.id.clone());
        session.wish.set(Some(Wish::Show(one.id)));
        close();
    });
    let shortcut = window_event_listener(ev::keydown, move |event| {
        if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            if let Some(field) = field.get_untracked() {
                let _ = field.focus();
            }
        }
    });
    on_cleanup(move || shortcut.remove());
    let on_key = move |event: KeyboardEvent| {
        let count = found.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => at.update(|at| *at = (*at + 1) % count),
            "ArrowUp" if count > 0 => at.update(|at| *at = (*at + count - 1) % count),
            "Enter" => {
                let chosen = found.with_untracked(|found| found.get(at.get_untracked()).cloned());
                if let Some(one) = chosen {
                    go.run(one);
                }
            }
            "Escape" => {
                close();
                if let Some(field) = field.get_untracked() {
                    let _ = field.blur();
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let option_id = |index: usize| format!("search-option-{index}");
    let options = move || {
        let rows = found.get().into_iter().enumerate().map(move |(index, one)| {
            view! { <FoundRow id=option_id(index) is_at=Signal::derive(move || at.get() == index) one=one on_choose=go /> }
        });
        rows.collect_view()
    };
    view! {
        <div class="search" role="search">
            <Glyph icon=Icon::Search />
            <input
                class="input"
                type="text"
                node_ref=field
                placeholder="Find"
                aria-label="Find a workspace"
                autocomplete="off"
                spellcheck="false"
                role="combobox"
                aria-autocomplete="list"
                aria-controls="search-options"
                aria-expanded=move || is_open.get().to_string()
                aria-activedescendant=move || is_open.get().then(|| option_id(at.get()))
                prop:value=move || letters.get()
                on:input=move |event| sought(event_target_value(&event))
                on:keydown=on_key
                on:blur=move |_| is_open.set(false)
            />
            <span class="key" aria-hidden="true">"Ctrl K"</span>
            <div class="found" id="search-options" role="listbox" aria-label="Found" hidden=move || !is_open.get()>
                {options}
                {move || found.with(Vec::is_empty).then(|| view! { <p class="none">"Nothing is called so"</p> })}
            </div>
        </div>
    }
}

/// Pressed before the field loses its focus.
#[component]
fn FoundRow(id: String, is_at: Signal<bool>, one: Found, on_choose: Callback<Found>) -> impl IntoView {
    let (name, hint, status) = (one.name.clone(), one.hint.clone(), one.status.to_string());
    let spoken = format!(", {status}");
    view! {
        <div
            class="found-row"
            role="option"
            id=id
            aria-selected=move || is_at.get().to_string()
            on:pointerdown=move |event| {
                event.prevent_default();
                on_choose.run(one.clone());
            }
        >
            <Mark status=Signal::stored(status) />
            <span class="found-name">{name}</span>
            <span class="spoken">{spoken}</span>
            <span class="found-hint">{hint}</span>
        </div>
    }
}
