//! One row of a log that opens to what lies behind it. What is inside is made when it opens. Never which log.

use leptos::prelude::*;

use crate::ui::icon::{Glyph, Icon};

#[component]
pub(super) fn Entry(
    #[prop(into)] what: String,
    #[prop(into)] when: String,
    /// Short words of the second line.
    more: Vec<String>,
    is_bad: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let full = what.clone();
    view! {
        <li class="entry" data-tone=is_bad.then_some("danger")>
            <button
                type="button"
                class="entry-row"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Glyph icon=Icon::ChevronRight />
                <span class="entry-what" data-full=full>{what}</span>
                <span class="entry-when">{when}</span>
                <span class="entry-more">
                    {more.into_iter().map(|word| view! { <span>{word}</span> }).collect_view()}
                </span>
            </button>
            {move || open.get().then(|| view! { <div class="entry-body">{children()}</div> })}
        </li>
    }
}
