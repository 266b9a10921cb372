//! The page over the canvas that shows all runs, or one of them.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::all_runs::AllRuns;
use super::run_store::RunStore;
use super::run_view::RunView;
use crate::session::{RunsPage, Session};
use crate::ui::button::IconButton;
use crate::ui::icon::{Glyph, Icon};

#[component]
pub fn RunsOverlay() -> impl IntoView {
    let session = expect_context::<Session>();
    let page = session.runs;
    move_focus_with(page);
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            event.stop_propagation();
            page.set(None);
        }
    };
    let shown = Memo::new(move |_| page.get());
    move || {
        shown.get().map(|page| {
            view! {
                <section class="runs" aria-labelledby="runs-title" on:keydown=on_key>
                    <Header page=page.clone() />
                    <div class="runs-page">
                        {match page {
                            RunsPage::All => view! { <AllRuns /> }.into_any(),
                            RunsPage::One(subject) => view! { <RunView subject=subject /> }.into_any(),
                        }}
                    </div>
                </section>
            }
        })
    }
}

#[component]
fn Header(page: RunsPage) -> impl IntoView {
    let (runs, session) = (expect_context::<RunStore>(), expect_context::<Session>());
    let back = (page != RunsPage::All).then(|| {
        view! {
            <button
                type="button"
                class="button runs-back"
                data-variant="quiet"
                on:click=move |_| session.runs.set(Some(RunsPage::All))
            >
                <Glyph icon=Icon::ChevronLeft />
                "All runs"
            </button>
        }
    });
    let title = move || match &page {
        RunsPage::All => "Runs".to_owned(),
        RunsPage::One(subject) => {
            let name = runs.summary(subject).name;
            if name.is_empty() { "Run".to_owned() } else { name }
        }
    };
    view! {
        <header class="runs-head">
            {back}
            <h2 id="runs-title" tabindex="-1">
                {title}
            </h2>
            <IconButton icon=Icon::Close label="Close runs" on_press=move |_| session.runs.set(None) />
        </header>
    }
}

/// Moves the keyboard's focus to the title of each page, and back to where it was when the overlay closes.
fn move_focus_with(page: RwSignal<Option<RunsPage>>) {
    let return_to = StoredValue::new_local(None::<HtmlElement>);
    Effect::new(move |was_open: Option<bool>| {
        let is_open = page.with(Option::is_some);
        match (was_open.unwrap_or(false), is_open) {
            (false, true) => return_to.set_value(document().active_element().and_then(|it| it.dyn_into().ok())),
            (true, false) => focus(return_to.try_update_value(Option::take).flatten()),
            _ => {}
        }
        if is_open {
            focus_title();
        }
        is_open
    });
}

/// Focuses the title after the next frame, when it is in the document.
pub(super) fn focus_title() {
    request_animation_frame(|| {
        focus(document().get_element_by_id("runs-title").and_then(|it| it.dyn_into().ok()));
    });
}

fn focus(element: Option<HtmlElement>) {
    if let Some(element) = element {
        // An element that is gone by now cannot take the focus.
        let _ = element.focus();
    }
}
