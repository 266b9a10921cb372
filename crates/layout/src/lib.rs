//! Layout geometry: points and rectangles of the world (CSS pixels at zoom 1), the camera, where workspaces are placed and
//! found, and the layered layout of workflow graphs. No DOM.

pub mod arrange;
pub mod bands;
mod beside;
pub mod camera;
mod decimal;
mod grid;
pub mod hit;
pub mod layered;
pub mod names;
mod natural_order;
mod packing;
pub mod positions;
pub mod time_scale;

pub use arrange::{Arrangement, Shape};
pub use bands::Bands;
pub use beside::beside;
pub use decimal::{decimal, factor};
pub use grid::Grid;
pub use natural_order::natural_order;

/// A point, or the distance from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// The extent of a rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

/// A rectangle. Its left and top edges belong to it, the right and bottom ones do not.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// The top left corner.
    pub at: Point,
    pub size: Size,
}

impl Point {
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub fn plus(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }

    pub fn minus(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }

    pub fn times(self, factor: f64) -> Self {
        Self::new(self.x * factor, self.y * factor)
    }

    /// Returns the Euclidean distance.
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

impl Size {
    pub fn times(self, factor: f64) -> Self {
        Self { width: self.width * factor, height: self.height * factor }
    }
}

impl Rect {
    pub const fn new(at: Point, size: Size) -> Self {
        Self { at, size }
    }

    /// Returns the rectangle between two opposite corners, in any order.
    pub fn from_corners(a: Point, b: Point) -> Self {
        let at = Point::new(a.x.min(b.x), a.y.min(b.y));
        Self::new(at, Size { width: (a.x - b.x).abs(), height: (a.y - b.y).abs() })
    }

    pub fn right(&self) -> f64 {
        self.at.x + self.size.width
    }

    pub fn bottom(&self) -> f64 {
        self.at.y + self.size.height
    }

    /// Returns the center.
    pub fn middle(&self) -> Point {
        Point::new(self.at.x + self.size.width / 2.0, self.at.y + self.size.height / 2.0)
    }

    /// Returns the rectangle moved by this much.
    pub fn shifted(&self, by: Point) -> Self {
        Self::new(self.at.plus(by), self.size)
    }

    /// Returns the rectangle with each side moved outwards by this much.
    pub fn inflated(&self, by: f64) -> Self {
        let size = Size { width: self.size.width + 2.0 * by, height: self.size.height + 2.0 * by };
        Self::new(Point::new(self.at.x - by, self.at.y - by), size)
    }

    /// Returns whether the rectangles share more than an edge.
    pub fn meets(&self, other: &Self) -> bool {
        self.at.x < other.right()
            && other.at.x < self.right()
            && self.at.y < other.bottom()
            && other.at.y < self.bottom()
    }

    pub fn contains(&self, point: Point) -> bool {
        (self.at.x..self.right()).contains(&point.x) && (self.at.y..self.bottom()).contains(&point.y)
    }

    /// Returns whether `other` lies inside, edges included.
    pub fn encloses(&self, other: &Self) -> bool {
        self.at.x <= other.at.x
            && self.at.y <= other.at.y
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }

    /// Returns the intersection, or `None` if they share no more than an edge.
    pub fn common(&self, other: &Self) -> Option<Self> {
        let at = Point::new(self.at.x.max(other.at.x), self.at.y.max(other.at.y));
        let end = Point::new(self.right().min(other.right()), self.bottom().min(other.bottom()));
        self.meets(other).then(|| Self::from_corners(at, end))
    }

    /// Returns the smallest rectangle around both.
    pub fn union(&self, other: &Self) -> Self {
        let at = Point::new(self.at.x.min(other.at.x), self.at.y.min(other.at.y));
        let end = Point::new(self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self::from_corners(at, end)
    }
}
