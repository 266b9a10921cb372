//! JSON as text that can be read and copied.

use leptos::prelude::*;

use super::copy::CopyButton;

/// Shows JSON under a heading, or the text `none` where there is no JSON.
#[component]
pub fn Json(title: &'static str, #[prop(into)] text: Option<String>, none: &'static str) -> impl IntoView {
    let content = match text {
        Some(text) => {
            let copied = text.clone();
            view! {
                <div class="json-head">
                    <span>{title}</span>
                    <CopyButton text=Signal::stored(copied) label="Copy JSON" words=true />
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
