//! The colours and the font of the theme for painting: design tokens resolved to the values of the theme that is on.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

use super::letter_widths::LetterWidths;
use super::pixels::Rgba;
use crate::store::OverviewStatus;
use orrery_layout::decimal;

/// Colours as the 2D context takes them, and as pixels.
pub struct ThemeColors {
    theme: String,
    pub text: String,
    pub text_muted: String,
    pub failed_text: String,
    pub task_text: String,
    pub task: String,
    pub online: String,
    pub team: String,
    pub team_line: String,
    font_family: String,
    pub letter_widths: LetterWidths,
    statuses: [StatusColors<String>; OverviewStatus::ALL.len()],
    pub pixels: PixelColors,
}

/// How much a tile in a status stands out: the table of visual weights in `style/tokens.css`.
#[derive(Debug, Clone, Default)]
pub struct StatusColors<Color> {
    pub fill: Color,
    /// Of the outline.
    pub line: Color,
    /// Of text on `fill`.
    pub text: Color,
}

/// The colours of `LevelOfDetail::Far` and of the minimap.
#[derive(Default)]
pub struct PixelColors {
    pub team: Rgba,
    pub team_line: Rgba,
    statuses: [StatusColors<Rgba>; OverviewStatus::ALL.len()],
}

/// How much of the line there is in the colour of a block that is too small for an outline.
const LINE_SHARE: f64 = 0.4;

impl PixelColors {
    pub fn status(&self, status: OverviewStatus) -> &StatusColors<Rgba> {
        &self.statuses[status as usize]
    }

    /// Returns the colour of a block that is too small for an outline: between those of its ground and its outline.
    pub fn small_block(&self, status: OverviewStatus) -> Rgba {
        let StatusColors { fill, line, .. } = self.status(status);
        line.mixed_with(*fill, LINE_SHARE)
    }

    /// Paints each colour and reads the pixel: only the browser can parse every notation of a colour.
    fn resolve(colors: &ThemeColors, context: &CanvasRenderingContext2d) -> Self {
        let resolve = |color: &String| {
            context.clear_rect(0.0, 0.0, 1.0, 1.0);
            context.set_fill_style_str(color);
            context.fill_rect(0.0, 0.0, 1.0, 1.0);
            let pixel = context.get_image_data(0.0, 0.0, 1.0, 1.0).map(|image| image.data().0);
            pixel.ok().and_then(|pixel| pixel.try_into().ok()).map_or(Rgba::default(), Rgba)
        };
        let statuses = colors.statuses.each_ref().map(|StatusColors { fill, line, text }| StatusColors {
            fill: resolve(fill),
            line: resolve(line),
            text: resolve(text),
        });
        Self { team: resolve(&colors.team), team_line: resolve(&colors.team_line), statuses }
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

    pub fn status(&self, status: OverviewStatus) -> &StatusColors<String> {
        &self.statuses[status as usize]
    }

    /// Returns the page's font at a size in CSS pixels, as the 2D context takes it.
    pub fn font(&self, size: f64) -> String {
        font(&self.font_family, size)
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
        let status = |status: OverviewStatus| {
            let need = status.as_str();
            Some(StatusColors {
                fill: color(&format!("--need-{need}"))?,
                line: color(&format!("--need-{need}-line"))?,
                text: color(&format!("--need-{need}-text"))?,
            })
        };
        let read = || {
            Some(Self {
                theme,
                text: color("--text")?,
                text_muted: color("--text-muted")?,
                failed_text: color("--failed-text")?,
                task_text: color("--task-text")?,
                task: color("--task")?,
                online: color("--online")?,
                team: color("--team-tint")?,
                team_line: color("--team-line")?,
                font_family: style.get_property_value("font-family").ok()?,
                letter_widths: LetterWidths::default(),
                statuses: OverviewStatus::ALL.map(|each| status(each).unwrap_or_default()),
                pixels: PixelColors::default(),
            })
        };
        let colors = read();
        probe.remove();
        let (mut colors, context) = (colors?, probe_context()?);
        colors.pixels = PixelColors::resolve(&colors, &context);
        colors.letter_widths = LetterWidths::measure(&context, |size| font(&colors.font_family, size));
        Some(colors)
    }
}

fn font(family: &str, size: f64) -> String {
    format!("500 {}px {family}", decimal(size))
}

/// Returns the context of a canvas of one pixel.
fn probe_context() -> Option<CanvasRenderingContext2d> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.unchecked_into();
    canvas.set_width(1);
    canvas.set_height(1);
    Some(canvas.get_context("2d").ok()??.unchecked_into())
}

/// Identifies the theme that is on: the one chosen on the page, and the one of the system.
fn current_theme() -> String {
    let chosen = document().document_element().and_then(|root| root.get_attribute("data-theme")).unwrap_or_default();
    let media = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    let is_dark = media.is_some_and(|media| media.matches());
    format!("{chosen} {is_dark}")
}
