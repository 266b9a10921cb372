//! Where the steps of a plan stand: in levels by what they wait for, few crossings, and the lines between them.
//! Never what a step is.

mod levels;
mod order;
mod place;
#[cfg(test)]
mod tests;

use super::{Point, Rect, Size};

pub use levels::levels;
pub use order::by;

/// Which way a plan is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Right,
    Down,
}

/// How much room there is between levels, and between those of one level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gaps {
    pub along: f64,
    pub across: f64,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Flow {
    /// One for each step.
    pub places: Vec<Rect>,
    pub lines: Vec<Line>,
    pub size: Size,
}

/// From a step to one that waits for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub from: usize,
    pub to: usize,
    /// As SVG writes a path.
    pub path: String,
}

/// A step, or a bend of a line that passes a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Knot {
    Step(usize),
    Bend,
}

/// The knots, level by level, and the short lines between neighbouring levels.
#[derive(Debug, Default)]
pub(super) struct Net {
    pub knots: Vec<Knot>,
    pub level: Vec<usize>,
    /// Of each knot: those a level before, and those a level after.
    pub before: Vec<Vec<usize>>,
    pub after: Vec<Vec<usize>>,
    /// The knots of each whole line.
    pub chains: Vec<(usize, usize, Vec<usize>)>,
}

/// More bends than anyone follows: such lines go straight.
const MOST_BENDS: usize = 3000;
/// What a line takes where it passes a level.
const BEND: f64 = 8.0;

/// `waits_for[step]` are the steps before it. Knows no order but that: what goes in circles is laid out all the same.
pub fn flow(waits_for: &[Vec<usize>], step: Size, gaps: Gaps, way: Way) -> Flow {
    let net = net(waits_for);
    let (along, across) = match way {
        Way::Right => (step.width, step.height),
        Way::Down => (step.height, step.width),
    };
    let rows = order::ordered(&net);
    let breadth = |knot: usize| match net.knots[knot] {
        Knot::Step(_) => across,
        Knot::Bend => BEND,
    };
    let middles = place::middles(&net, &rows, breadth, gaps.across);
    let begin = |level: usize| level as f64 * (along + gaps.along);
    let turned = |point: Point| match way {
        Way::Right => point,
        Way::Down => Point::new(point.y, point.x),
    };
    let mut flow = Flow { places: vec![Rect::default(); waits_for.len()], ..Flow::default() };
    for (knot, kind) in net.knots.iter().enumerate() {
        if let Knot::Step(at) = *kind {
            let corner = Point::new(begin(net.level[knot]), middles[knot] - across / 2.0);
            flow.places[at] = Rect::new(turned(corner), step);
        }
    }
    for (from, to, chain) in &net.chains {
        let ends = chain.iter().map(|&knot| {
            let start = begin(net.level[knot]);
            [Point::new(start, middles[knot]), Point::new(start + along, middles[knot])]
        });
        flow.lines.push(Line { from: *from, to: *to, path: path(ends, turned) });
    }
    let far = |it: &Rect| Point::new(it.at.x + it.size.width, it.at.y + it.size.height);
    flow.size = flow
        .places
        .iter()
        .map(far)
        .fold(Size::default(), |size, far| Size { width: size.width.max(far.x), height: size.height.max(far.y) });
    flow
}

/// Straight past a level, curved between two.
fn path(ends: impl Iterator<Item = [Point; 2]>, turned: impl Fn(Point) -> Point) -> String {
    use std::fmt::Write;
    let mut path = String::new();
    let mut last: Option<Point> = None;
    let mut say = |letter: char, points: &[Point]| {
        path.push(letter);
        for point in points {
            let at = turned(*point);
            // Text takes everything.
            let _ = write!(path, "{:.1} {:.1} ", at.x, at.y);
        }
    };
    let ends: Vec<_> = ends.collect();
    for (index, [start, end]) in ends.iter().enumerate() {
        match last {
            None => say('M', &[*end]),
            Some(from) => {
                let middle = (from.x + start.x) / 2.0;
                say('C', &[Point::new(middle, from.y), Point::new(middle, start.y), *start]);
                if index + 1 < ends.len() {
                    say('L', &[*end]);
                }
            }
        }
        last = Some(*end);
    }
    path
}

fn net(waits_for: &[Vec<usize>]) -> Net {
    let level = levels(waits_for);
    let mut net = Net::default();
    let add = |net: &mut Net, kind, at| {
        net.knots.push(kind);
        net.level.push(at);
        net.before.push(Vec::new());
        net.after.push(Vec::new());
        net.knots.len() - 1
    };
    for (step, &at) in level.iter().enumerate() {
        add(&mut net, Knot::Step(step), at);
    }
    let forward = waits_for.iter().enumerate().flat_map(|(to, all)| all.iter().map(move |&from| (from, to)));
    let forward: Vec<_> = forward.filter(|&(from, to)| level.get(from).is_some_and(|it| *it < level[to])).collect();
    let bends: usize = forward.iter().map(|&(from, to)| level[to] - level[from] - 1).sum();
    for (from, to) in forward {
        let mut chain = vec![from];
        if bends <= MOST_BENDS {
            chain.extend((level[from] + 1..level[to]).map(|at| add(&mut net, Knot::Bend, at)));
        }
        chain.push(to);
        for pair in chain.windows(2) {
            net.after[pair[0]].push(pair[1]);
            net.before[pair[1]].push(pair[0]);
        }
        net.chains.push((from, to, chain));
    }
    net
}
