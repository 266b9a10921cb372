//! A row of a list of facts: a name, a value, and perhaps a copy button.

use leptos::prelude::*;

use crate::ui::copy::CopyButton;

#[component]
pub(super) fn Fact(
    name: &'static str,
    #[prop(into)] value: Signal<Option<String>>,
    /// The label of the copy button. Values to copy are shown in the monospaced type.
    #[prop(optional)]
    copy: Option<&'static str>,
    /// Shown instead of a value that is not there.
    #[prop(default = "Not set")]
    none: &'static str,
) -> impl IntoView {
    let has_value = Memo::new(move |_| value.with(Option::is_some));
    let text = Signal::derive(move || value.get().unwrap_or_default());
    let content = move || match (has_value.get(), copy) {
        (false, _) => view! { <span class="none">{none}</span> }.into_any(),
        (true, None) => view! { <span>{move || text.get()}</span> }.into_any(),
        (true, Some(label)) => view! {
            <span class="mono">{move || text.get()}</span>
            <CopyButton text=text label=label />
        }
        .into_any(),
    };
    view! {
        <dt>{name}</dt>
        <dd>{content}</dd>
    }
}
