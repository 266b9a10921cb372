//! How many workspaces stand in each status; a press looks for one of them alone. Never counts by itself.

use leptos::prelude::*;
use orrery_model::Counts;
use orrery_protocol::Status;

use crate::ui::icon::Mark;

/// What needs a person comes first.
const ORDER: [Status; 5] = [Status::Failed, Status::Degraded, Status::Offline, Status::Provisioning, Status::Online];

#[component]
pub(super) fn CountFilters(
    #[prop(into)] counts: Signal<Counts>,
    /// Before the first state none is not nought.
    #[prop(into)]
    is_known: Signal<bool>,
    filter: RwSignal<Option<Status>>,
) -> impl IntoView {
    let buttons = ORDER.map(|status| {
        let number = Signal::derive({
            let status = status.clone();
            move || is_known.get().then(|| of(&counts.get(), &status))
        });
        view! { <CountFilter status=status number=number filter=filter /> }
    });
    view! {
        <div class="counts" role="group" aria-label="Workspaces by status">
            {buttons.into_iter().collect_view()}
        </div>
    }
}

#[component]
fn CountFilter(status: Status, number: Signal<Option<usize>>, filter: RwSignal<Option<Status>>) -> impl IntoView {
    let word = status.to_string();
    let is_on = Signal::derive({
        let status = status.clone();
        move || filter.with(|filter| filter.as_ref() == Some(&status))
    });
    let label = {
        let word = word.clone();
        move || format!("{} {word}", shown(number.get()))
    };
    let press = {
        let status = status.clone();
        move |_| filter.set((!is_on.get_untracked()).then(|| status.clone()))
    };
    view! {
        <button
            type="button"
            class="count"
            data-status=word.clone()
            data-none=move || (number.get().unwrap_or(0) == 0).then_some("")
            aria-pressed=move || is_on.get().to_string()
            aria-label=label
            title="Show only these; press again for all"
            on:click=press
        >
            <Mark status=Signal::stored(word.clone()) />
            <span class="count-number">{move || shown(number.get())}</span>
            <span class="count-word">{word.clone()}</span>
        </button>
    }
}

fn shown(number: Option<usize>) -> String {
    number.map_or_else(|| "–".to_owned(), |number| number.to_string())
}

fn of(counts: &Counts, status: &Status) -> usize {
    match status {
        Status::Provisioning => counts.provisioning,
        Status::Online => counts.online,
        Status::Degraded => counts.degraded,
        Status::Offline => counts.offline,
        Status::Failed => counts.failed,
        Status::Removed => 0,
        Status::Other(_) => counts.other,
    }
}
