//! From what is looked for to who is dimmed: once a change. Never the question itself (`filter`).

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

/// How many pass, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Passed {
    pub passed: usize,
    pub all: usize,
}

/// What is made ready in one go, and how many may have changed before some is made ready again.
const SLICE: usize = 4_000;
/// Between two of them others have their turn.
const REST: Duration = Duration::from_millis(16);

/// Sifts when the filter changes; the fold follows by itself. The letters are ready before anyone looks for some.
/// With the bar shown, at once.
pub(super) fn sift(is_shown: Memo<bool>) -> Memo<Passed> {
    let (session, controller, signals) =
        (expect_context::<Session>(), expect_context::<CanvasController>(), expect_context::<StoreSignals>());
    let search_index = StoredValue::new_local(SearchIndex::default());
    let sifted = RwSignal::new(0u32);
    Effect::new(move |before: Option<Filter>| {
        let filter = session.filter.get();
        let put = |store: &mut CanvasStore| {
            let (canvas, filter_index) = store.filter_index_mut();
            search_index
                .try_update_value(|search_index| put(canvas, filter_index, search_index, before.as_ref(), &filter))
        };
        if controller.store.try_update_value(put).flatten() == Some(true) {
            controller.sifted();
            sifted.update(|times| *times += 1);
        }
        filter
    });
    let is_busy = StoredValue::new(false);
    Effect::new(move |_| {
        controller.folds.track();
        // Somebody is about to ask: it is better done while they look at what they opened.
        let slice = if is_shown.get() { usize::MAX } else { SLICE };
        let is_behind = |store: &CanvasStore| store.is_complete() && store.filter_index.is_behind(SLICE);
        let is_due = if is_busy.get_value() { slice > SLICE } else { controller.store.with_value(is_behind) };
        if is_due {
            is_busy.set_value(true);
            make_ready(controller, search_index, is_busy, slice);
        }
    });
    Memo::new(move |_| {
        sifted.track();
        let all = signals.count.get();
        if controller.store.with_value(|store| store.filter_index.is_empty()) {
            return Passed { passed: all, all };
        }
        controller.folds.track();
        controller.store.with_value(|store| Passed { passed: all - store.filter_index.dimmed_count().min(all), all })
    })
}

/// So many now, the rest soon: no frame should wait for it.
fn make_ready(
    controller: CanvasController,
    search_index: StoredValue<SearchIndex, LocalStorage>,
    is_busy: StoredValue<bool>,
    slice: usize,
) {
    let go_on = |store: &mut CanvasStore| {
        let (canvas, filter_index) = store.filter_index_mut();
        search_index.try_update_value(|search_index| {
            search_index.update(canvas, filter_index.take_changes());
            search_index.index_more(canvas, slice)
        })
    };
    match controller.store.try_update_value(go_on).flatten() {
        Some(false) => set_timeout(move || make_ready(controller, search_index, is_busy, SLICE), REST),
        _ => drop(is_busy.try_set_value(false)),
    }
}

/// Answers whether anyone may look different now. Of a filter that only became narrower, those who passed are asked.
fn put(
    canvas: &Canvas,
    filter_index: &mut FilterIndex,
    search_index: &mut SearchIndex,
    before: Option<&Filter>,
    filter: &Filter,
) -> bool {
    let question = match filter.to_query() {
        Some(question) if filter.words().next().is_some() => question,
        question => {
            let is_seen = question.is_some() || !filter_index.is_empty();
            filter_index.set_query(canvas, question);
            return is_seen;
        }
    };
    search_index.update(canvas, filter_index.take_changes());
    search_index.index_more(canvas, usize::MAX);
    let (search, others) = (search_index.search(filter.words()), filter.without_text().to_query());
    let is_narrower = before.is_some_and(|before| filter.narrows(before));
    let (mut dimmed_count, mut asked) = (Vec::with_capacity(canvas.len()), 0);
    for (slot, _) in canvas.iter() {
        let mut held = is_narrower && filter_index.is_dimmed(slot);
        if !held {
            asked += 1;
            held = !search.finds(slot) || others.as_ref().is_some_and(|others| !(others.passes)(canvas, slot));
        }
        dimmed_count.resize(slot.index(), false);
        dimmed_count.push(held);
    }
    filter_index.set_results(question, dimmed_count, asked);
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

    /// The figures are printed; what is held is the work: each is looked at once, and then only those who passed.
    #[wasm_bindgen_test]
    fn each_is_asked_once_and_of_longer_words_only_those_who_passed() {
        for count in [10_000usize, 100_000] {
            let canvas = canvas(count);
            let (mut filter_index, mut search_index) = (FilterIndex::default(), SearchIndex::default());
            let mut before: Option<Filter> = None;
            let text = |text: &str| Filter { text: text.into(), ..Filter::default() };
            let failed = Filter { status: Some(Status::Failed), ..text("resear") };
            let mut asked = 0;
            for (filter, asks, passed) in [
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
                let began = js_sys::Date::now();
                assert!(put(&canvas, &mut filter_index, &mut search_index, before.as_ref(), &filter));
                console_log!("{count} by {:?}: {} ms", filter.text, js_sys::Date::now() - began);
                asked += asks as u64;
                assert_eq!(
                    (filter_index.evaluation_count(), count - filter_index.dimmed_count()),
                    (asked, passed),
                    "{filter:?}"
                );
                before = Some(filter);
            }
            assert!(put(&canvas, &mut filter_index, &mut search_index, before.as_ref(), &Filter::default()));
            assert!(!put(&canvas, &mut filter_index, &mut search_index, before.as_ref(), &Filter::default()));
            assert_eq!((filter_index.evaluation_count(), filter_index.dimmed_count()), (asked, 0));
        }
    }
}
