//! A button that copies a text to the clipboard and shows whether it worked.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use super::icon::{Glyph, Icon};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CopyState {
    Idle,
    Copied,
    Failed,
}

/// How long the result is shown.
const RESULT_SHOWN: Duration = Duration::from_millis(1600);

/// `label` names what is copied. With `words` the button shows a text beside its icon.
#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    label: &'static str,
    #[prop(optional)] words: bool,
    #[prop(optional, into)] on_copied: Option<Callback<()>>,
) -> impl IntoView {
    let state = RwSignal::new(CopyState::Idle);
    let copy = move |_| {
        let text = text.get_untracked();
        spawn_local(async move {
            let is_copied = write_to_clipboard(&text).await;
            let _ = state.try_set(if is_copied { CopyState::Copied } else { CopyState::Failed });
            on_copied.into_iter().filter(|_| is_copied).for_each(|on_copied| on_copied.run(()));
            let reset = move || {
                let _ = state.try_set(CopyState::Idle);
            };
            set_timeout(reset, RESULT_SHOWN);
        });
    };
    let description = move || match state.get() {
        CopyState::Idle => label,
        CopyState::Copied => "Copied",
        CopyState::Failed => "Could not copy: the browser does not allow it",
    };
    let word = move || match state.get() {
        CopyState::Idle => "Copy",
        CopyState::Copied => "Copied",
        CopyState::Failed => "Failed",
    };
    let icon = move || match state.get() {
        CopyState::Idle => Icon::Copy,
        CopyState::Copied => Icon::Check,
        CopyState::Failed => Icon::Close,
    };
    view! {
        <button
            type="button"
            class="button"
            data-variant="quiet"
            data-size=if words { "small" } else { "icon" }
            aria-label=description
            title=description
            on:click=copy
        >
            {move || view! { <Glyph icon=icon() /> }}
            {words.then_some(word)}
            <span class="spoken" role="status">
                {move || (state.get() != CopyState::Idle).then(description)}
            </span>
        </button>
    }
}

/// Returns whether the text was copied. Browsers offer the clipboard only to pages from HTTPS or localhost.
async fn write_to_clipboard(text: &str) -> bool {
    let navigator = window().navigator();
    let is_available =
        js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object());
    is_available && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
