//! The colours of the theme for painting: design tokens resolved to the values of the theme that is on.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

use super::pixels::Rgba;
use crate::store::OverviewStatus;
use orrery_layout::decimal;

/// Colours as the 2D context takes them, and as pixels.
pub struct ThemeColors {
    theme: String,
    pub surface: String,
    pub line: String,
    pub text: String,
    pub task: String,
    pub team: String,
    pub team_line: String,
    pub failed_text: String,
    font_family: String,
    statuses: [String; OverviewStatus::ALL.len()],
    pub pixels: PixelColors,
}

/// The colours of `LevelOfDetail::Far` and of the minimap.
#[derive(Default)]
pub struct PixelColors {
    pub team: Rgba,
    pub team_line: Rgba,
    statuses: [Rgba; OverviewStatus::ALL.len()],
}

impl PixelColors {
    pub fn status(&self, status: OverviewStatus) -> Rgba {
        self.statuses[status as usize]
    }

    /// Paints each colour and reads the pixel: only the browser can parse every notation of a colour.
    fn resolve(colors: &ThemeColors) -> Option<Self> {
        let probe: HtmlCanvasElement = document().create_element("canvas").ok()?.unchecked_into();
        probe.set_width(1);
        probe.set_height(1);
        let context: CanvasRenderingContext2d = probe.get_context("2d").ok()??.unchecked_into();
        let to_rgba = |color: &String| {
            context.clear_rect(0.0, 0.0, 1.0, 1.0);
            context.set_fill_style_str(color);
            context.fill_rect(0.0, 0.0, 1.0, 1.0);
            let pixel = context.get_image_data(0.0, 0.0, 1.0, 1.0).map(|image| image.data().0);
            pixel.ok().and_then(|pixel| pixel.try_into().ok()).map_or(Rgba::default(), Rgba)
        };
        Some(Self {
            team: to_rgba(&colors.team),
            team_line: to_rgba(&colors.team_line),
            statuses: colors.statuses.each_ref().map(to_rgba),
        })
    }
}

impl ThemeColors {
    /// Reads the colours again if the theme has changed. Returns `None` if the page has no styles to read.
    pub fn refresh(colors: &mut Option<Self>) -> Option<&Self> {
        let theme = current_theme();
        if colors.as_ref().is_none_or(|colors| colors.theme != theme) {
            *colors = Self::read(theme);
        }
        colors.as_ref()
    }

    pub fn status(&self, status: OverviewStatus) -> &str {
        &self.statuses[status as usize]
    }

    /// Returns the page's font at a size in CSS pixels, as the 2D context takes it.
    pub fn font(&self, size: f64) -> String {
        format!("500 {}px {}", decimal(size), self.font_family)
    }

    fn read(theme: String) -> Option<Self> {
        // A custom property is computed to the text that it was set to, so the token is resolved through `color`.
        let probe: HtmlElement = document().create_element("i").ok()?.unchecked_into();
        document().body()?.append_child(&probe).ok()?;
        let style = window().get_computed_style(&probe).ok()??;
        let color = |token: &str| {
            probe.style().set_property("color", &format!("var({token})")).ok()?;
            style.get_property_value("color").ok()
        };
        let read = || {
            // In the order of `OverviewStatus`.
            let tokens = ["--online", "--offline", "--text-faint", "--provisioning", "--degraded", "--failed"];
            let [online, offline, other, provisioning, degraded, failed] = tokens.map(color);
            Some(Self {
                theme,
                surface: color("--surface-1")?,
                line: color("--line-strong")?,
                text: color("--text")?,
                task: color("--task")?,
                team: color("--team-tint")?,
                team_line: color("--team-line")?,
                failed_text: color("--failed-text")?,
                font_family: style.get_property_value("font-family").ok()?,
                statuses: [online?, offline?, other?, provisioning?, degraded?, failed?],
                pixels: PixelColors::default(),
            })
        };
        let colors = read();
        probe.remove();
        let mut colors = colors?;
        colors.pixels = PixelColors::resolve(&colors)?;
        Some(colors)
    }
}

/// Identifies the theme that is on: the one chosen on the page, and the one of the system.
fn current_theme() -> String {
    let chosen = document().document_element().and_then(|root| root.get_attribute("data-theme")).unwrap_or_default();
    let media = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    let is_dark = media.is_some_and(|media| media.matches());
    format!("{chosen} {is_dark}")
}
