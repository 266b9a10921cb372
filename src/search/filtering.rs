//! Applies the filter to the store when it changes, and keeps the text index up to date between changes.

use std::time::Duration;

use leptos::prelude::*;
use orrery_model::Canvas;

use crate::canvas::CanvasController;
use crate::session::Session;
use crate::store::CanvasStore;
use crate::store::Filter;
use crate::store::FilterIndex;
use crate::store::SearchIndex;
use crate::store::StoreSignals;

/// How many workspaces match the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct FilterMatches {
    pub matching: usize,
    pub total: usize,
}

/// The number of workspaces that are indexed in one go, and of changed workspaces before indexing starts again.
const SLICE: usize = 4_000;
/// The pause between two slices: one frame.
const SLICE_PAUSE: Duration = Duration::from_millis(16);

/// Applies the session's filter whenever it changes, and returns how many workspaces match. Changes of the workspaces are
/// followed by the filter index itself. The text index is built ahead of the first query: in slices, or at once while the
/// filter bar is shown.
pub(super) fn apply_filter(is_shown: Memo<bool>) -> Memo<FilterMatches> {
    let (session, controller, signals) =
        (expect_context::<Session>(), expect_context::<CanvasController>(), expect_context::<StoreSignals>());
    let search_index = StoredValue::new_local(SearchIndex::default());
    let revision = RwSignal::new(0u32);
    Effect::new(move |before: Option<Filter>| {
        let filter = session.filter.get();
        let update = |store: &mut CanvasStore| {
            let (canvas, filter_index) = store.sifting();
            search_index.try_update_value(|search_index| {
                update_filter_index(canvas, filter_index, search_index, before.as_ref(), &filter)
            })
        };
        if controller.store.try_update_value(update).flatten() == Some(true) {
            controller.refresh_filter();
            revision.update(|revision| *revision += 1);
        }
        filter
    });
    let is_indexing = StoredValue::new(false);
    Effect::new(move |_| {
        controller.frame_revision().track();
        // With the bar open a query is about to come.
        let slice = if is_shown.get() { usize::MAX } else { SLICE };
        let is_behind = |store: &CanvasStore| store.is_whole() && store.filter_index.is_behind(SLICE);
        let is_due = if is_indexing.get_value() { slice > SLICE } else { controller.store.with_value(is_behind) };
        if is_due {
            is_indexing.set_value(true);
            index_slice(controller, search_index, is_indexing, slice);
        }
    });
    Memo::new(move |_| {
        revision.track();
        let total = signals.count.get();
        if controller.store.with_value(|store| store.filter_index.is_open()) {
            return FilterMatches { matching: total, total };
        }
        controller.frame_revision().track();
        controller.store.with_value(|store| {
            let matching = total - store.filter_index.dimmed_count().min(total);
            FilterMatches { matching, total }
        })
    })
}

/// Indexes a slice now and the rest later, so that no frame waits for it.
fn index_slice(
    controller: CanvasController,
    search_index: StoredValue<SearchIndex, LocalStorage>,
    is_indexing: StoredValue<bool>,
    slice: usize,
) {
    let go_on = |store: &mut CanvasStore| {
        let (canvas, filter_index) = store.sifting();
        search_index.try_update_value(|search_index| {
            search_index.follow(canvas, filter_index.take_changed());
            search_index.go_on(canvas, slice)
        })
    };
    match controller.store.try_update_value(go_on).flatten() {
        Some(false) => set_timeout(move || index_slice(controller, search_index, is_indexing, SLICE), SLICE_PAUSE),
        _ => drop(is_indexing.try_set_value(false)),
    }
}

/// Returns whether any workspace may look different now. If the filter only became narrower, only those that matched it
/// before are tested.
fn update_filter_index(
    canvas: &Canvas,
    filter_index: &mut FilterIndex,
    search_index: &mut SearchIndex,
    before: Option<&Filter>,
    filter: &Filter,
) -> bool {
    let question = match filter.question() {
        Some(question) if filter.words().next().is_some() => question,
        question => {
            let is_seen = question.is_some() || !filter_index.is_open();
            filter_index.put(canvas, question);
            return is_seen;
        }
    };
    search_index.follow(canvas, filter_index.take_changed());
    search_index.go_on(canvas, usize::MAX);
    let (search, others) = (search_index.search(filter.words()), filter.without_words().question());
    let is_narrower = before.is_some_and(|before| filter.narrows(before));
    let (mut is_dimmed, mut tested) = (Vec::with_capacity(canvas.len()), 0);
    for (slot, _) in canvas.iter() {
        let mut dimmed = is_narrower && filter_index.is_dimmed(slot);
        if !dimmed {
            tested += 1;
            dimmed = !search.finds(slot) || others.as_ref().is_some_and(|others| !(others.passes)(canvas, slot));
        }
        is_dimmed.resize(slot.index(), false);
        is_dimmed.push(dimmed);
    }
    filter_index.put_answered(question, is_dimmed, tested);
    true
}

#[cfg(test)]
mod tests {
    use orrery_protocol::{Status, Workspace, WorkspaceId};
    use wasm_bindgen_test::{console_log, wasm_bindgen_test};

    use super::*;

    fn canvas(count: usize) -> Canvas {
        let row = |at: usize| {
            let mut it = Workspace::new(WorkspaceId::parse(&format!("019a0000-0000-7000-8000-{at:012}")).unwrap());
            it.name = format!("Workspace {at} of the fleet");
            it.role = Some(if at.is_multiple_of(10) { "Research" } else { "Outreach" }.into());
            it.agent = serde_json::from_str(r#"{"id":null,"model":"anthropic:claude-sonnet-4-6"}"#).ok();
            it.agent_card =
                serde_json::from_str(r#"{"name":"An agent","skills":["audit-pages",{"name":"writing"}]}"#).ok();
            if at == 0 {
                it.status = Status::Failed;
            }
            it
        };
        Canvas::from_rows((0..count).map(row), 1)
    }

    /// The durations are printed; what is asserted is the number of workspaces that are tested.
    #[wasm_bindgen_test]
    fn narrower_filter_tests_only_the_previous_matches() {
        for count in [10_000usize, 100_000] {
            let canvas = canvas(count);
            let (mut filter_index, mut search_index) = (FilterIndex::default(), SearchIndex::default());
            let mut before: Option<Filter> = None;
            let text = |text: &str| Filter { text: text.into(), ..Filter::default() };
            let failed = Filter { status: Some(Status::Failed), ..text("resear") };
            let mut tested = 0;
            for (filter, newly_tested, matching) in [
                (text("fleet"), count, count),
                (text("r"), count, count),
                (text("re"), count, count),
                (text("res"), count, count / 10),
                (text("resear 0"), count / 10, count / 10),
                (text("resear"), count, count / 10),
                (failed, count / 10, 1),
                (text("WRITING pages"), count, count),
                (text("writing nobody"), count, 0),
            ] {
                let started = js_sys::Date::now();
                assert!(update_filter_index(&canvas, &mut filter_index, &mut search_index, before.as_ref(), &filter));
                console_log!("{count} by {:?}: {} ms", filter.text, js_sys::Date::now() - started);
                tested += newly_tested as u64;
                assert_eq!(
                    (filter_index.asked(), count - filter_index.dimmed_count()),
                    (tested, matching),
                    "{filter:?}"
                );
                before = Some(filter);
            }
            assert!(update_filter_index(
                &canvas,
                &mut filter_index,
                &mut search_index,
                before.as_ref(),
                &Filter::default()
            ));
            assert!(!update_filter_index(
                &canvas,
                &mut filter_index,
                &mut search_index,
                before.as_ref(),
                &Filter::default()
            ));
            assert_eq!((filter_index.asked(), filter_index.dimmed_count()), (tested, 0));
        }
    }
}
