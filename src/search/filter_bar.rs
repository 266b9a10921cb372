//! The bar that says what is looked for, and how many are it. Never who.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use orrery_protocol::{Status, WorkspaceId};

use super::sift::sift;
use crate::a11y::tree::focus_tree_if_lost;
use crate::canvas::CanvasController;
use crate::session::Session;
use crate::store::Filter;
use crate::store::StoreSignals;
use crate::store::{Choice, Facets};
use crate::ui::button::{Button, ButtonVariant, IconButton};
use crate::ui::icon::{Glyph, Icon};

/// Opens the bar and says that something is looked for.
#[component]
pub fn FilterButton() -> impl IntoView {
    let session = expect_context::<Session>();
    let is_on = Memo::new(move |_| session.filter.with(|filter| !filter.is_open()));
    let label = move || if is_on.get() { "Filter: some are dimmed" } else { "Filter the fleet ( / )" };
    view! {
        <button
            type="button"
            class="button"
            data-variant="quiet"
            data-size="icon"
            aria-label=label
            title=label
            aria-expanded=move || session.filter_bar.get().to_string()
            aria-pressed=move || is_on.get().to_string()
            on:click=move |_| session.filter_bar.update(|open| *open = !*open)
        >
            <Glyph icon=Icon::Filter />
        </button>
    }
}

/// Over the canvas while it is open, or while something is looked for.
#[component]
pub fn FilterBar() -> impl IntoView {
    let session = expect_context::<Session>();
    let is_shown = Memo::new(move |_| session.filter_bar.get() || session.filter.with(|filter| !filter.is_open()));
    let passed = sift(is_shown);
    let count = move || {
        let passed = passed.get();
        format!("{} of {}", passed.passed, passed.all)
    };
    let close = move || {
        session.filter.set(Filter::default());
        session.filter_bar.set(false);
    };
    let is_on = Memo::new(move |_| session.filter.with(|filter| !filter.is_open()));
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            close();
            focus_tree_if_lost();
        }
    };
    move || {
        is_shown.get().then(|| {
            view! {
                <div class="filter-bar" role="search" aria-label="Filter the fleet" on:keydown=on_key>
                    <SearchIndex />
                    <Choices />
                    <span class="filter-count" role="status">{count}</span>
                    {move || {
                        let clear = move |_| session.filter.set(Filter::default());
                        is_on.get().then(|| view! { <Button small=true variant=ButtonVariant::Quiet on_press=clear>"Clear"</Button> })
                    }}
                    <IconButton icon=Icon::Close label="Close the filter: show all" on_press=move |_| close() />
                </div>
            }
        })
    }
}

#[component]
fn SearchIndex() -> impl IntoView {
    let session = expect_context::<Session>();
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get().filter(|_| session.filter_bar.get()) {
            // In the page by now; one that cannot be focused is still there.
            let _ = field.focus();
        }
    });
    let text = move || session.filter.with(|filter| filter.text.clone());
    view! {
        <input
            class="input"
            type="text"
            name="filter-text"
            node_ref=field
            placeholder="Name, role, task, skill"
            aria-label="Filter by text"
            autocomplete="off"
            spellcheck="false"
            prop:value=text
            on:input=move |event| session.filter.update(|filter| filter.text = event_target_value(&event))
        />
    }
}

/// The lists are made when the bar opens, and again when one of them is about to be read.
#[component]
fn Choices() -> impl IntoView {
    let (session, controller, signals) =
        (expect_context::<Session>(), expect_context::<CanvasController>(), expect_context::<StoreSignals>());
    let facets = RwSignal::new(Facets::default());
    let look = move || {
        let found = controller.store.with_value(Facets::of);
        if facets.with_untracked(|before| *before != found) {
            facets.set(found);
        }
    };
    Effect::new(move |_| {
        signals.loaded.track();
        look();
    });
    let filter = session.filter;
    let read = move |part: fn(&Filter) -> Option<String>| Signal::derive(move || filter.with(part).unwrap_or_default());
    let statuses = Signal::derive(move || {
        signals.counts.with(|counts| {
            let choice = |status: &Status| Choice {
                value: status.to_string(),
                words: status.to_string(),
                count: counts.get(status),
            };
            Status::SHOWN.iter().map(choice).collect()
        })
    });
    let said = |text: String| (!text.is_empty()).then_some(text);
    let set_status =
        Callback::new(move |text: String| filter.update(|it| it.status = said(text).map(|it| it.as_str().into())));
    let set_team = Callback::new(move |text: String| filter.update(|it| it.team = WorkspaceId::parse(&text).ok()));
    let set_model = Callback::new(move |text: String| filter.update(|it| it.model = said(text)));
    let set_skill = Callback::new(move |text: String| filter.update(|it| it.skill = said(text)));
    let teams = Signal::derive(move || facets.with(|it| it.teams.clone()));
    let models = Signal::derive(move || facets.with(|it| it.models.clone()));
    let skills = Signal::derive(move || facets.with(|it| it.skills.clone()));
    view! {
        <span class="filter-choices" on:focusin=move |_| look()>
            <Select label="Status" options=statuses chosen=read(|it| it.status.as_ref().map(ToString::to_string)) on_choose=set_status />
            <Select label="Team" options=teams chosen=read(|it| it.team.as_ref().map(ToString::to_string)) on_choose=set_team />
            <Select label="Model" options=models chosen=read(|it| it.model.clone()) on_choose=set_model />
            <Select label="Skill" options=skills chosen=read(|it| it.skill.clone()) on_choose=set_skill />
        </span>
    }
}

/// One of a few, or any.
#[component]
fn Select(
    label: &'static str,
    options: Signal<Vec<Choice>>,
    chosen: Signal<String>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let rows = move || {
        let (mut options, chosen) = (options.get(), chosen.get());
        // What is looked for may be there no longer; it is still what is looked for.
        if !chosen.is_empty() && options.iter().all(|it| it.value != chosen) {
            options.push(Choice { value: chosen.clone(), words: chosen.clone(), count: 0 });
        }
        let row = move |it: Choice| {
            let is_chosen = it.value == chosen;
            view! { <option value=it.value selected=is_chosen>{format!("{} ({})", it.words, it.count)}</option> }
        };
        options.into_iter().map(row).collect_view()
    };
    view! {
        <select
            class="input"
            aria-label=format!("Filter by {}", label.to_lowercase())
            data-chosen=move || chosen.with(|it| !it.is_empty()).then_some("")
            on:change=move |event| on_choose.run(event_target_value(&event))
        >
            <option value="" selected=move || chosen.with(String::is_empty)>{label}</option>
            {rows}
        </select>
    }
}
