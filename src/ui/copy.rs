//! Puts a text on the clipboard and says so. Never reads the clipboard.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use super::icon::{Glyph, Icon};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Copied {
    NotYet,
    Done,
    Refused,
}

const SHOWN: Duration = Duration::from_millis(1600);

/// `label` says what is copied. With `words` the button has a word too.
#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    label: &'static str,
    #[prop(optional)] words: bool,
    #[prop(optional, into)] on_copied: Option<Callback<()>>,
) -> impl IntoView {
    let copied = RwSignal::new(Copied::NotYet);
    let press = move |_| {
        let text = text.get_untracked();
        spawn_local(async move {
            let done = write(&text).await;
            let _ = copied.try_set(if done { Copied::Done } else { Copied::Refused });
            on_copied.into_iter().filter(|_| done).for_each(|on_copied| on_copied.run(()));
            let again = move || {
                let _ = copied.try_set(Copied::NotYet);
            };
            set_timeout(again, SHOWN);
        });
    };
    let said = move || match copied.get() {
        Copied::NotYet => label,
        Copied::Done => "Copied",
        Copied::Refused => "The browser refused to copy",
    };
    let word = move || match copied.get() {
        Copied::NotYet => "Copy",
        Copied::Done => "Copied",
        Copied::Refused => "Refused",
    };
    let icon = move || match copied.get() {
        Copied::NotYet => Icon::Copy,
        Copied::Done => Icon::Check,
        Copied::Refused => Icon::Close,
    };
    view! {
        <button
            type="button"
            class="button"
            data-tone="quiet"
            data-size=if words { "small" } else { "icon" }
            aria-label=said
            title=said
            on:click=press
        >
            {move || view! { <Glyph icon=icon() /> }}
            {words.then_some(word)}
            <span class="spoken" role="status">
                {move || (copied.get() != Copied::NotYet).then(said)}
            </span>
        </button>
    }
}

/// The clipboard is there on secure pages and on this machine only.
async fn write(text: &str) -> bool {
    let navigator = window().navigator();
    let there = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object());
    there && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
