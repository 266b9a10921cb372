//! The tokens' colours as a drawing needs them: resolved for the theme that is on. Never a colour of its own.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

use super::pixels::Colour;
use crate::store::OverviewStatus;
use orrery_layout::decimal;

pub struct Palette {
    key: String,
    pub surface: String,
    pub line: String,
    pub text: String,
    pub task: String,
    pub team: String,
    pub team_line: String,
    pub failed_text: String,
    font: String,
    pub inks: Inks,
    tones: [String; OverviewStatus::ALL.len()],
}

/// The colours of the far view, as pixels.
#[derive(Default)]
pub struct Inks {
    pub team: Colour,
    pub team_line: Colour,
    tones: [Colour; OverviewStatus::ALL.len()],
}

impl Inks {
    pub fn tone(&self, tone: OverviewStatus) -> Colour {
        self.tones[tone as usize]
    }

    /// What the browser makes of each: it alone reads every spelling of a colour.
    fn resolve(palette: &Palette) -> Option<Self> {
        let probe: HtmlCanvasElement = document().create_element("canvas").ok()?.unchecked_into();
        probe.set_width(1);
        probe.set_height(1);
        let context: CanvasRenderingContext2d = probe.get_context("2d").ok()??.unchecked_into();
        let ink = |colour: &String| {
            context.clear_rect(0.0, 0.0, 1.0, 1.0);
            context.set_fill_style_str(colour);
            context.fill_rect(0.0, 0.0, 1.0, 1.0);
            let pixel = context.get_image_data(0.0, 0.0, 1.0, 1.0).map(|image| image.data().0);
            pixel.ok().and_then(|pixel| pixel.try_into().ok()).map_or(Colour::default(), Colour)
        };
        Some(Self {
            team: ink(&palette.team),
            team_line: ink(&palette.team_line),
            tones: palette.tones.each_ref().map(ink),
        })
    }
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

    pub fn tone(&self, tone: OverviewStatus) -> &str {
        &self.tones[tone as usize]
    }

    /// As the browser's pen wants it.
    pub fn font_of(&self, size: f64) -> String {
        format!("500 {}px {}", decimal(size), self.font)
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
            // In the order of `OverviewStatus`.
            let tones = ["--online", "--offline", "--text-faint", "--provisioning", "--degraded", "--failed"];
            let [online, offline, other, provisioning, degraded, failed] = tones.map(colour);
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
                inks: Inks::default(),
                tones: [online?, offline?, other?, provisioning?, degraded?, failed?],
            })
        };
        let palette = read();
        probe.remove();
        let mut palette = palette?;
        palette.inks = Inks::resolve(&palette)?;
        Some(palette)
    }
}

fn theme_key() -> String {
    let theme = document().document_element().and_then(|root| root.get_attribute("data-theme")).unwrap_or_default();
    let dark = window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|it| it.matches());
    format!("{theme} {dark}")
}
