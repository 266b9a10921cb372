//! The colour theme: the system's, light or dark, remembered in this browser. `shell/shell.js` applies it before the first paint.

use leptos::prelude::*;

use super::{button::IconButton, icon::Icon, storage};

const STORAGE_KEY: &str = "orrery.theme";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    fn stored() -> Self {
        let word = storage::read(STORAGE_KEY);
        let themes = [Self::Light, Self::Dark];
        themes.into_iter().find(|theme| Some(theme.word()) == word.as_deref()).unwrap_or(Self::System)
    }

    fn apply_and_store(self) {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-theme", self.word());
        }
        storage::write(STORAGE_KEY, self.word());
    }

    fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::System => Icon::Screen,
            Self::Light => Icon::Sun,
            Self::Dark => Icon::Moon,
        }
    }
}

/// A button that cycles through the themes.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = RwSignal::new(Theme::stored());
    let switch = move |_| {
        theme.update(|theme| *theme = theme.next());
        theme.get_untracked().apply_and_store();
    };
    let label = move || format!("Theme: {}. Switch to {}", theme.get().word(), theme.get().next().word());
    let icon = Signal::derive(move || theme.get().icon());
    view! { <IconButton icon=icon label=Signal::derive(label) on_press=switch /> }
}
