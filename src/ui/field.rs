//! Labelled inputs of a form.

use leptos::prelude::*;

#[component]
pub fn TextField(
    name: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    #[prop(optional)] placeholder: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] required: bool,
    /// Receives the focus when its dialog opens.
    #[prop(optional)]
    first: bool,
    /// Hides what is typed, as for a password.
    #[prop(optional)]
    secret: bool,
) -> impl IntoView {
    let hint_id = (!hint.is_empty()).then(|| format!("{name}-hint"));
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                class="input"
                id=name
                name=name
                type=if secret { "password" } else { "text" }
                autocomplete=if secret { "current-password" } else { "off" }
                placeholder=placeholder
                required=required
                autofocus=first
                // Typing replaces the current value.
                on:focus=move |event| {
                    if first {
                        event_target::<web_sys::HtmlInputElement>(&event).select();
                    }
                }
                aria-describedby=hint_id.clone()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            {hint_id.map(|id| view! { <span class="field-hint" id=id>{hint}</span> })}
        </div>
    }
}

/// A select. The options are pairs of value and text.
#[component]
pub fn ChoiceField(
    name: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    options: Vec<(String, String)>,
) -> impl IntoView {
    let options = options.into_iter().map(|(option, words)| {
        let chosen = value.get_untracked() == option;
        view! { <option value=option selected=chosen>{words}</option> }
    });
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select
                class="input"
                id=name
                name=name
                prop:value=move || value.get()
                on:change=move |event| value.set(event_target_value(&event))
            >
                {options.collect_view()}
            </select>
        </div>
    }
}
