//! The overview: paints on one `<canvas>` the nodes that are too many or too small to be elements, and the minimap.
//!
//! `Overview` decides once a frame what to repaint; `layer` owns the `<canvas>` and repaints all of it or parts of it;
//! `placement` lets a pan or a zoom move what is painted instead of painting it again; `painter` (tiles), `blocks`,
//! `team_labels` and `marks` paint single nodes in the `theme_colors`.

mod appearance;
mod repaint;
mod layer;
mod placement;
mod letter_widths;
mod marks;
mod painter;
mod blocks;
mod team_labels;
mod pixels;
mod theme_colors;
mod minimap;
mod minimap_painter;

pub use minimap::Minimap;
pub(super) use placement::RenderInput;
pub(super) use repaint::{Overview, RepaintScope};

/// Returns the number of device pixels per CSS pixel.
fn device_pixel_ratio() -> f64 {
    leptos::prelude::window().device_pixel_ratio().clamp(1.0, 3.0)
}
