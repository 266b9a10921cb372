//! A tab list and its tab panel: arrow keys select, and the list is a single stop in the tab order.

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The tab list. `name` makes the element ids of the tabs and of the panel unique.
#[component]
pub fn Tabs<T>(
    name: &'static str,
    label: &'static str,
    tabs: Vec<(T, &'static str)>,
    #[prop(into)] selected: Signal<T>,
    #[prop(into)] on_select: Callback<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let order: Vec<T> = tabs.iter().map(|(tab, _)| *tab).collect();
    let on_key = move |event: KeyboardEvent| {
        let Some(at) = order.iter().position(|tab| *tab == selected.get_untracked()) else { return };
        let last = order.len() - 1;
        let next = match event.key().as_str() {
            "ArrowRight" => (at + 1) % order.len(),
            "ArrowLeft" => at.checked_sub(1).unwrap_or(last),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        on_select.run(order[next]);
        let row = event.current_target().and_then(|row| row.dyn_into::<HtmlElement>().ok());
        let tab = row.and_then(|row| row.children().item(next as u32)?.dyn_into::<HtmlElement>().ok());
        if let Some(tab) = tab {
            let _ = tab.focus();
        }
    };
    let tabs = tabs.into_iter().enumerate().map(|(index, (tab, words))| {
        let is_selected = move || selected.get() == tab;
        view! {
            <button
                type="button"
                class="tab"
                role="tab"
                id=format!("{name}-tab-{index}")
                aria-controls=format!("{name}-page")
                aria-selected=move || is_selected().to_string()
                tabindex=move || if is_selected() { "0" } else { "-1" }
                on:click=move |_| on_select.run(tab)
            >
                {words}
            </button>
        }
    });
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=on_key>
            {tabs.collect_view()}
        </div>
    }
}

/// The tab panel: the content of the selected tab.
#[component]
pub fn TabPage(name: &'static str, #[prop(into)] index: Signal<usize>, children: Children) -> impl IntoView {
    view! {
        <div
            class="tab-page"
            role="tabpanel"
            id=format!("{name}-page")
            tabindex="0"
            aria-labelledby=move || format!("{name}-tab-{}", index.get())
        >
            {children()}
        </div>
    }
}
