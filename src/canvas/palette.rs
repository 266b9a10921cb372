//! The tokens' colours as a drawing needs them: resolved for the theme that is on. Never a colour of its own.

use leptos::prelude::{document, window};
use orrery_protocol::Status;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

pub struct Palette {
    key: String,
    pub surface: String,
    pub line: String,
    pub text: String,
    pub task: String,
    pub team: String,
    pub team_line: String,
    pub failed_text: String,
    pub font: String,
    statuses: [String; 5],
    other: String,
}

impl Palette {
    /// Read again when the theme changed. None when the page has no styles to read.
    pub fn refresh(palette: &mut Option<Self>) -> Option<&Self> {
        let key = theme_key();
        if palette.as_ref().is_none_or(|palette| palette.key != key) {
            *palette = Self::read(key);
        }
        palette.as_ref()
    }

    pub fn status(&self, status: &Status) -> &str {
        match Status::SHOWN.iter().position(|shown| shown == status) {
            Some(place) => &self.statuses[place],
            None => &self.other,
        }
    }

    fn read(key: String) -> Option<Self> {
        // A custom property is read as it was written; only a real property is resolved.
        let probe: HtmlElement = document().create_element("i").ok()?.unchecked_into();
        document().body()?.append_child(&probe).ok()?;
        let style = window().get_computed_style(&probe).ok()??;
        let colour = |token: &str| {
            probe.style().set_property("color", &format!("var({token})")).ok()?;
            style.get_property_value("color").ok()
        };
        let read = || {
            let statuses = ["--provisioning", "--online", "--degraded", "--offline", "--failed"].map(colour);
            let [provisioning, online, degraded, offline, failed] = statuses;
            Some(Self {
                key,
                surface: colour("--surface-1")?,
                line: colour("--line-strong")?,
                text: colour("--text")?,
                task: colour("--task")?,
                team: colour("--team-tint")?,
                team_line: colour("--team-line")?,
                failed_text: colour("--failed-text")?,
                font: style.get_property_value("font-family").ok()?,
                statuses: [provisioning?, online?, degraded?, offline?, failed?],
                other: colour("--text-faint")?,
            })
        };
        let palette = read();
        probe.remove();
        palette
    }
}

fn theme_key() -> String {
    let theme = document().document_element().and_then(|root| root.get_attribute("data-theme")).unwrap_or_default();
    let dark = window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|it| it.matches());
    format!("{theme} {dark}")
}
