//! Where things are, in numbers only: points and rectangles of the world (CSS pixels at zoom 1). Never leptos or web-sys.

pub mod camera;
pub mod shelf;
pub mod arrange;
pub mod grid;
pub mod hit;
mod beside;
pub mod flow;
pub mod span;
pub mod sort;
pub mod decimal;

pub use arrange::{Arrangement, Shape};
pub use beside::beside;
pub use decimal::{decimal, factor};
pub use grid::Grid;

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
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

    pub fn middle(&self) -> Point {
        Point::new(self.at.x + self.size.width / 2.0, self.at.y + self.size.height / 2.0)
    }

    pub fn shifted(&self, by: Point) -> Self {
        Self::new(self.at.plus(by), self.size)
    }

    /// Larger by so much on each side.
    pub fn inflated(&self, by: f64) -> Self {
        let size = Size { width: self.size.width + 2.0 * by, height: self.size.height + 2.0 * by };
        Self::new(Point::new(self.at.x - by, self.at.y - by), size)
    }

    /// Do they share more than an edge?
    pub fn meets(&self, other: &Self) -> bool {
        self.at.x < other.right()
            && other.at.x < self.right()
            && self.at.y < other.bottom()
            && other.at.y < self.bottom()
    }

    pub fn contains(&self, point: Point) -> bool {
        (self.at.x..self.right()).contains(&point.x) && (self.at.y..self.bottom()).contains(&point.y)
    }

    pub fn encloses(&self, other: &Self) -> bool {
        self.at.x <= other.at.x
            && self.at.y <= other.at.y
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }

    /// None when they share no more than an edge.
    pub fn common(&self, other: &Self) -> Option<Self> {
        let at = Point::new(self.at.x.max(other.at.x), self.at.y.max(other.at.y));
        let end = Point::new(self.right().min(other.right()), self.bottom().min(other.bottom()));
        self.meets(other).then(|| Self::from_corners(at, end))
    }

    pub fn union(&self, other: &Self) -> Self {
        let at = Point::new(self.at.x.min(other.at.x), self.at.y.min(other.at.y));
        let end = Point::new(self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self::from_corners(at, end)
    }
}
