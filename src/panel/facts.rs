//! A list of facts: a name, a value, perhaps a copy button. Never where a value comes from.

use leptos::prelude::*;

use crate::ui::copy::CopyButton;

/// A fact that nobody said is said to be so.
#[component]
pub(super) fn Fact(
    name: &'static str,
    #[prop(into)] value: Signal<Option<String>>,
    /// Says what is copied; machine words, so in the other type.
    #[prop(optional)]
    copy: Option<&'static str>,
    #[prop(default = "not said")] none: &'static str,
) -> impl IntoView {
    let is_said = Memo::new(move |_| value.with(Option::is_some));
    let words = Signal::derive(move || value.get().unwrap_or_default());
    let content = move || match (is_said.get(), copy) {
        (false, _) => view! { <span class="none">{none}</span> }.into_any(),
        (true, None) => view! { <span>{move || words.get()}</span> }.into_any(),
        (true, Some(label)) => view! {
            <span class="mono">{move || words.get()}</span>
            <CopyButton text=words label=label />
        }
        .into_any(),
    };
    view! {
        <dt>{name}</dt>
        <dd>{content}</dd>
    }
}
