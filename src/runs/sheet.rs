//! The sheet over the canvas that holds the list of runs or one of them, and the toolbar's way to it. Never their content.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, MouseEvent};

use super::all::runs_list;
use super::ledger::Ledger;
use super::pressed::named;
use super::view::run_view;
use crate::session::{RunsPage, Session};
use crate::ui::icon::{Glyph, Icon};

/// Opens the runs, and says how many there are and whether one waits for a person.
#[component]
pub fn RunsButton() -> impl IntoView {
    let (ledger, session) = (expect_context::<Ledger>(), expect_context::<Session>());
    let toggle = move |_: MouseEvent| {
        session.panels.runs_page.update(|page| *page = if page.is_some() { None } else { Some(RunsPage::All) });
    };
    move || {
        let (running, waiting) = ledger.running();
        let words = match (running, waiting) {
            (0, _) => "Runs and workflows".to_owned(),
            (running, 0) => format!("Runs and workflows; {running} running"),
            (running, waiting) => format!("Runs and workflows; {running} running, {waiting} waiting for approval"),
        };
        let number = if running > 0 { running.to_string() } else { String::new() };
        view! {
            <button
                type="button"
                class="button runs-button"
                data-tone="quiet"
                data-waiting=(waiting > 0).then_some("")
                aria-expanded=session.panels.runs_page.with(Option::is_some).to_string()
                aria-label=words.clone()
                title=words
                on:click=toggle
            >
                <Glyph icon=Icon::Runs />
                <span class="runs-count">{number}</span>
            </button>
        }
        .into_any()
    }
}

#[component]
pub fn RunsSheet() -> impl IntoView {
    let (ledger, session) = (expect_context::<Ledger>(), expect_context::<Session>());
    let page = session.panels.runs_page;
    let came_from = StoredValue::new_local(None::<HtmlElement>);
    // The keyboard follows onto the sheet, and goes back to where it came from.
    Effect::new(move |before: Option<bool>| {
        let is_open = page.with(Option::is_some);
        match (before.unwrap_or(false), is_open) {
            (false, true) => came_from.set_value(document().active_element().and_then(|it| it.dyn_into().ok())),
            (true, false) => focus(came_from.try_update_value(Option::take).flatten()),
            _ => {}
        }
        if is_open {
            focus_title();
        }
        is_open
    });
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            event.stop_propagation();
            page.set(None);
        }
    };
    let on_click = move |event: MouseEvent| match named(&event, "data-way").as_deref() {
        Some("close") => page.set(None),
        Some(_) => page.set(Some(RunsPage::All)),
        None => {}
    };
    move || {
        page.get().map(|shown| {
            let heading = match shown.clone() {
                RunsPage::All => "Runs".into_any(),
                RunsPage::One(of) => (move || ledger.row(&of).name).into_any(),
            };
            let is_one = shown != RunsPage::All;
            let content = match shown {
                RunsPage::All => runs_list(),
                RunsPage::One(of) => run_view(of),
            };
            view! {
                <section class="runs" aria-labelledby="runs-title" on:keydown=on_key on:click=on_click>
                    <header class="runs-head">
                        <button type="button" class="button" data-tone="quiet" data-way="back" hidden=!is_one>
                            <Glyph icon=Icon::ChevronLeft />
                            "All runs"
                        </button>
                        <h2 id="runs-title" tabindex="-1">
                            {heading}
                        </h2>
                        <button
                            type="button"
                            class="button"
                            data-tone="quiet"
                            data-size="icon"
                            data-way="close"
                            aria-label="Close the runs"
                            title="Close the runs"
                        >
                            <Glyph icon=Icon::Close />
                        </button>
                    </header>
                    <div class="runs-page">{content}</div>
                </section>
            }
            .into_any()
        })
    }
}

/// When it is in the page.
pub(super) fn focus_title() {
    request_animation_frame(|| {
        focus(document().get_element_by_id("runs-title").and_then(|it| it.dyn_into().ok()));
    });
}

fn focus(element: Option<HtmlElement>) {
    if let Some(element) = element {
        // One that is gone by now has no focus to take.
        let _ = element.focus();
    }
}
