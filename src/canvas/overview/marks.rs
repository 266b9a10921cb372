//! Marks of statuses as the overview paints them: a status is never shown by colour alone.

use std::f64::consts::{FRAC_PI_4, PI};

use orrery_layout::Point;
use web_sys::CanvasRenderingContext2d;

use crate::store::OverviewStatus;

/// Paints the mark of a status around a point, in a colour; `size` is its width and height in CSS pixels.
pub fn paint_mark(context: &CanvasRenderingContext2d, status: OverviewStatus, center: Point, size: f64, color: &str) {
    let (Point { x, y }, radius) = (center, size / 2.0);
    context.set_stroke_style_str(color);
    context.set_fill_style_str(color);
    context.set_line_width((size / 6.0).max(1.0));
    context.begin_path();
    let line = |from: (f64, f64), to: (f64, f64)| {
        context.move_to(x + from.0 * radius, y + from.1 * radius);
        context.line_to(x + to.0 * radius, y + to.1 * radius);
    };
    let arc = |part: f64, from: f64, to: f64| {
        // Fails for a negative radius alone.
        let _ = context.arc(x, y, radius * part, from, to);
    };
    match status {
        OverviewStatus::Failed => {
            line((-0.7, -0.7), (0.7, 0.7));
            line((-0.7, 0.7), (0.7, -0.7));
            context.stroke();
        }
        OverviewStatus::Degraded => {
            context.fill_rect(x - size / 10.0, y - radius, size / 5.0, size * 0.62);
            context.fill_rect(x - size / 10.0, y + radius - size * 0.2, size / 5.0, size / 5.0);
        }
        OverviewStatus::Offline | OverviewStatus::Stuck => {
            arc(0.85, 0.0, 2.0 * PI);
            line((-0.6, 0.6), (0.6, -0.6));
            context.stroke();
        }
        OverviewStatus::Provisioning => {
            arc(0.85, FRAC_PI_4, 7.0 * FRAC_PI_4);
            context.stroke();
        }
        OverviewStatus::Other => {
            line((0.0, -0.8), (0.8, 0.0));
            line((0.8, 0.0), (0.0, 0.8));
            line((0.0, 0.8), (-0.8, 0.0));
            line((-0.8, 0.0), (0.0, -0.8));
            context.stroke();
        }
        OverviewStatus::Online | OverviewStatus::Working => {
            arc(0.6, 0.0, 2.0 * PI);
            context.fill();
        }
    }
}
