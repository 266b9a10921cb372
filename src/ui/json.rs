//! JSON as text to read and to copy. Never interprets it.

use leptos::prelude::*;

use super::copy::CopyButton;

/// Indented JSON under a heading, or `none` in words when there is nothing.
#[component]
pub fn Json(title: &'static str, #[prop(into)] text: Option<String>, none: &'static str) -> impl IntoView {
    let content = match text {
        Some(text) => {
            let copied = text.clone();
            view! {
                <div class="json-head">
                    <span>{title}</span>
                    <CopyButton text=Signal::stored(copied) label="Copy as text" words=true />
                </div>
                <pre tabindex="0" role="region" aria-label=title>
                    {text}
                </pre>
            }
            .into_any()
        }
        None => view! {
            <div class="json-head">
                <span>{title}</span>
            </div>
            <p class="none">{none}</p>
        }
        .into_any(),
    };
    view! { <div class="json">{content}</div> }
}
