//! Placement of a floating box, such as a tooltip, beside what it describes.

use super::{Point, Rect, Size};

/// Kept free between the box and what it describes, and between the box and the edge of the window.
const GAP: f64 = 8.0;

/// Returns the top left corner of a box of this size: below `anchor`, or above it where there is more room, and always
/// inside the window.
pub fn beside(anchor: &Rect, size: Size, window: Size) -> Point {
    let below = anchor.bottom() + GAP;
    let above = anchor.at.y - GAP - size.height;
    let fits_below = below + size.height + GAP <= window.height;
    let y = if fits_below || above < GAP { below } else { above };
    let most = |window: f64, size: f64| (window - size - GAP).max(GAP);
    Point::new(anchor.at.x.clamp(GAP, most(window.width, size.width)), y.clamp(GAP, most(window.height, size.height)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 200.0, height: 100.0 };
    const WINDOW: Size = Size { width: 1000.0, height: 600.0 };

    fn beside_tile(x: f64, y: f64) -> Point {
        beside(&Rect::new(Point::new(x, y), Size { width: 10.0, height: 6.0 }), SIZE, WINDOW)
    }

    #[test]
    fn is_placed_below_then_above_and_stays_in_the_window() {
        assert_eq!(beside_tile(300.0, 200.0), Point::new(300.0, 214.0));
        assert_eq!(beside_tile(300.0, 550.0), Point::new(300.0, 442.0));
        assert_eq!(beside_tile(995.0, 200.0), Point::new(792.0, 214.0));
        assert_eq!(beside_tile(-50.0, 200.0), Point::new(8.0, 214.0));
        // Larger than the window: the beginning is seen.
        let small = Size { width: 100.0, height: 80.0 };
        assert_eq!(beside(&Rect::default(), SIZE, small), Point::new(8.0, 8.0));
    }
}
