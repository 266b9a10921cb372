//! Light, dark, or as the system says: kept in this browser. The first paint is the shell script's. Never a colour.

use leptos::prelude::*;

use super::{button::IconButton, icon::Icon};

const KEY: &str = "orrery.theme";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
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

    fn kept() -> Self {
        let word = storage().and_then(|storage| storage.get_item(KEY).ok()?);
        [Self::Light, Self::Dark]
            .into_iter()
            .find(|theme| Some(theme.word()) == word.as_deref())
            .unwrap_or(Self::System)
    }

    fn keep(self) {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-theme", self.word());
        }
        if let Some(storage) = storage() {
            let _ = storage.set_item(KEY, self.word());
        }
    }
}

/// One button that goes through the three.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = RwSignal::new(Theme::kept());
    let press = Callback::new(move |_| {
        theme.update(|theme| *theme = theme.next());
        theme.get_untracked().keep();
    });
    let label = move || format!("Theme: {}. Change to {}", theme.get().word(), theme.get().next().word());
    let icon = Signal::derive(move || theme.get().icon());
    view! { <IconButton icon=icon label=Signal::derive(label) on_press=press /> }
}

/// It may be forbidden: then the choice lasts as long as the page.
fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
