//! Buttons with a text, an icon, or both.

use leptos::{ev::MouseEvent, prelude::*};

use super::icon::{Glyph, Icon};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonVariant {
    #[default]
    Plain,
    Quiet,
    Primary,
    Danger,
}

impl ButtonVariant {
    fn word(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Quiet => Some("quiet"),
            Self::Primary => Some("primary"),
            Self::Danger => Some("danger"),
        }
    }
}

/// A button with a text and perhaps an icon. `small` fits into a line of text or a card.
#[component]
pub fn Button(
    #[prop(optional)] variant: ButtonVariant,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional)] small: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(into)] on_press: Callback<MouseEvent>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button"
            data-variant=variant.word()
            data-size=small.then_some("small")
            disabled=move || disabled.get()
            on:click=move |event| on_press.run(event)
        >
            {icon.map(|icon| view! { <Glyph icon=icon /> })}
            {children()}
        </button>
    }
}

/// A button with an icon only. The label is its accessible name and its tooltip.
#[component]
pub fn IconButton(
    #[prop(into)] icon: Signal<Icon>,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(into)] on_press: Callback<MouseEvent>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button"
            data-variant="quiet"
            data-size="icon"
            aria-label=move || label.get()
            title=move || label.get()
            disabled=move || disabled.get()
            on:click=move |event| on_press.run(event)
        >
            {move || view! { <Glyph icon=icon.get() /> }}
        </button>
    }
}
