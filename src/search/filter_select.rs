//! The selects of the filter bar: status, team, model and skill, each with the number of workspaces.

use leptos::prelude::*;
use orrery_protocol::{Status, WorkspaceId};

use crate::canvas::CanvasController;
use crate::session::Session;
use crate::store::Filter;
use crate::store::StoreSignals;
use crate::store::{Choice, Facets};

/// The options are counted when the bar opens, and again when a select receives the focus.
#[component]
pub(super) fn FilterSelects() -> impl IntoView {
    let (session, controller, signals) =
        (expect_context::<Session>(), expect_context::<CanvasController>(), expect_context::<StoreSignals>());
    let facets = RwSignal::new(Facets::default());
    let count_facets = move || {
        let counted = controller.store.with_value(Facets::of);
        if facets.with_untracked(|before| *before != counted) {
            facets.set(counted);
        }
    };
    Effect::new(move |_| {
        signals.loaded.track();
        count_facets();
    });
    let filter = session.filter;
    let chosen =
        move |read: fn(&Filter) -> Option<String>| Signal::derive(move || filter.with(read).unwrap_or_default());
    let statuses = Signal::derive(move || {
        signals.counts.with(|counts| {
            let option = |status: &Status| Choice {
                value: status.to_string(),
                words: status.to_string(),
                count: counts.get(status),
            };
            Status::SHOWN.iter().map(option).collect()
        })
    });
    let teams = Signal::derive(move || facets.with(|facets| facets.teams.clone()));
    let models = Signal::derive(move || facets.with(|facets| facets.models.clone()));
    let skills = Signal::derive(move || facets.with(|facets| facets.skills.clone()));
    let set_status = move |value: Option<String>| {
        filter.update(|filter| filter.status = value.map(|value| value.as_str().into()));
    };
    let set_team = move |value: Option<String>| {
        filter.update(|filter| filter.team = value.and_then(|id| WorkspaceId::parse(&id).ok()));
    };
    let set_model = move |value| filter.update(|filter| filter.model = value);
    let set_skill = move |value| filter.update(|filter| filter.skill = value);
    view! {
        <span class="filter-choices" on:focusin=move |_| count_facets()>
            <FilterSelect
                label="Status"
                options=statuses
                chosen=chosen(|filter| filter.status.as_ref().map(ToString::to_string))
                on_choose=set_status
            />
            <FilterSelect
                label="Team"
                options=teams
                chosen=chosen(|filter| filter.team.as_ref().map(ToString::to_string))
                on_choose=set_team
            />
            <FilterSelect label="Model" options=models chosen=chosen(|filter| filter.model.clone()) on_choose=set_model />
            <FilterSelect label="Skill" options=skills chosen=chosen(|filter| filter.skill.clone()) on_choose=set_skill />
        </span>
    }
}

/// A select whose first option stands for no choice.
#[component]
fn FilterSelect(
    label: &'static str,
    options: Signal<Vec<Choice>>,
    chosen: Signal<String>,
    #[prop(into)] on_choose: Callback<Option<String>>,
) -> impl IntoView {
    let option_views = move || {
        let (mut options, chosen) = (options.get(), chosen.get());
        // The chosen value stays an option when no workspace has it any more.
        if !chosen.is_empty() && options.iter().all(|option| option.value != chosen) {
            options.push(Choice { value: chosen.clone(), words: chosen.clone(), count: 0 });
        }
        let option_view = move |option: Choice| {
            let is_chosen = option.value == chosen;
            view! { <option value=option.value selected=is_chosen>{format!("{} ({})", option.words, option.count)}</option> }
        };
        options.into_iter().map(option_view).collect_view()
    };
    view! {
        <select
            class="input"
            aria-label=format!("Filter by {}", label.to_lowercase())
            data-chosen=move || chosen.with(|value| !value.is_empty()).then_some("")
            on:change=move |event| on_choose.run(Some(event_target_value(&event)).filter(|value| !value.is_empty()))
        >
            <option value="" selected=move || chosen.with(String::is_empty)>
                {label}
            </option>
            {option_views}
        </select>
    }
}
