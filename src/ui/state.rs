//! Empty, loading and error states, shown in place of content.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// A message with an optional icon, title and actions.
#[component]
pub fn Message(
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional, into)] title: String,
    #[prop(into)] words: Signal<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="state">
            {icon.map(|icon| view! { <Glyph icon=icon /> })}
            {(!title.is_empty()).then(|| view! { <h2>{title}</h2> })}
            <p>{move || words.get()}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// Placeholder for rows that are being loaded.
#[component]
pub fn Skeleton(#[prop(default = 4)] rows: usize, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <div role="status" aria-busy="true">
            <span class="spoken">{label}</span>
            {(0..rows).map(|_| view! { <div class="skeleton"></div> }).collect_view()}
        </div>
    }
}
