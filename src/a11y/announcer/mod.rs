//! What a person hears of without looking at the canvas: read aloud, in the tab's title and mark, as a notification.
//! Never a sound, never what the person did (`notices`).

mod digest;
mod spoken;
mod tab;
mod notify;

use leptos::prelude::*;

use spoken::Spoken;
use tab::TabMark;

pub use notify::{notify_words, toggle};

#[component]
pub fn News() -> impl IntoView {
    view! {
        <Spoken />
        <TabMark />
    }
}
