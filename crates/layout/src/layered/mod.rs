//! Layered layout of a directed graph (Sugiyama): nodes in layers by their dependencies, few crossings, and the edges between
//! them as SVG paths.

mod coordinates;
mod layers;
mod ordering;
#[cfg(test)]
mod tests;

use super::{Point, Rect, Size};

pub use layers::layers;
pub use ordering::order_by_weight;

/// The direction in which the layers follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Right,
    Down,
}

/// The distances between nodes, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spacing {
    /// Between two layers.
    pub layers: f64,
    /// Between two nodes of a layer.
    pub nodes: f64,
}

/// A graph that is laid out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LayeredLayout {
    /// The rectangle of each node.
    pub nodes: Vec<Rect>,
    pub edges: Vec<Edge>,
    pub size: Size,
}

/// An edge from a node to one that depends on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    /// The `d` attribute of an SVG path.
    pub path: String,
}

/// A node of the graph that is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    /// A node of the caller, by its index.
    Real(usize),
    /// Where a long edge crosses a layer.
    Dummy,
}

/// The nodes, and the edges between neighbouring layers.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    /// The layer of each node.
    pub layer: Vec<usize>,
    /// The neighbours of each node in the layer before.
    pub before: Vec<Vec<usize>>,
    /// The neighbours of each node in the layer after.
    pub after: Vec<Vec<usize>>,
    /// The nodes of each edge of the caller, with its ends.
    pub chains: Vec<(usize, usize, Vec<usize>)>,
}

/// With more dummy nodes than this, long edges are drawn straight.
const MAX_DUMMY_NODES: usize = 3000;
/// The space that a long edge takes in a layer, in pixels.
const DUMMY_BREADTH: f64 = 8.0;

/// Lays out a graph of nodes of the same size. `dependencies[node]` are the nodes before it; cycles and unknown nodes are
/// ignored.
pub fn layered_layout(
    dependencies: &[Vec<usize>],
    node_size: Size,
    spacing: Spacing,
    direction: Direction,
) -> LayeredLayout {
    let graph = build_graph(dependencies);
    let (along, across) = match direction {
        Direction::Right => (node_size.width, node_size.height),
        Direction::Down => (node_size.height, node_size.width),
    };
    let rows = ordering::order_layers(&graph);
    let breadth = |node: usize| match graph.nodes[node] {
        Node::Real(_) => across,
        Node::Dummy => DUMMY_BREADTH,
    };
    let centers = coordinates::centers(&graph, &rows, breadth, spacing.nodes);
    let start_of = |layer: usize| layer as f64 * (along + spacing.layers);
    let rotate = |point: Point| match direction {
        Direction::Right => point,
        Direction::Down => Point::new(point.y, point.x),
    };
    let mut layout = LayeredLayout { nodes: vec![Rect::default(); dependencies.len()], ..LayeredLayout::default() };
    for (node, kind) in graph.nodes.iter().enumerate() {
        if let Node::Real(index) = *kind {
            let corner = Point::new(start_of(graph.layer[node]), centers[node] - across / 2.0);
            layout.nodes[index] = Rect::new(rotate(corner), node_size);
        }
    }
    for (from, to, chain) in &graph.chains {
        let ends = chain.iter().map(|&node| {
            let start = start_of(graph.layer[node]);
            [Point::new(start, centers[node]), Point::new(start + along, centers[node])]
        });
        layout.edges.push(Edge { from: *from, to: *to, path: path(ends, rotate) });
    }
    layout.size = layout.nodes.iter().fold(Size::default(), |size, node| Size {
        width: size.width.max(node.right()),
        height: size.height.max(node.bottom()),
    });
    layout
}

/// Returns an SVG path that is straight across layers and curved between two.
fn path(ends: impl Iterator<Item = [Point; 2]>, rotate: impl Fn(Point) -> Point) -> String {
    use std::fmt::Write;
    let mut path = String::new();
    let mut last: Option<Point> = None;
    let mut add = |letter: char, points: &[Point]| {
        path.push(letter);
        for point in points {
            let at = rotate(*point);
            // Writing to a string cannot fail.
            let _ = write!(path, "{:.1} {:.1} ", at.x, at.y);
        }
    };
    let ends: Vec<_> = ends.collect();
    for (index, [start, end]) in ends.iter().enumerate() {
        match last {
            None => add('M', &[*end]),
            Some(from) => {
                let middle = (from.x + start.x) / 2.0;
                add('C', &[Point::new(middle, from.y), Point::new(middle, start.y), *start]);
                if index + 1 < ends.len() {
                    add('L', &[*end]);
                }
            }
        }
        last = Some(*end);
    }
    path
}

fn build_graph(dependencies: &[Vec<usize>]) -> Graph {
    let layer = layers(dependencies);
    let mut graph = Graph::default();
    let add = |graph: &mut Graph, kind, at| {
        graph.nodes.push(kind);
        graph.layer.push(at);
        graph.before.push(Vec::new());
        graph.after.push(Vec::new());
        graph.nodes.len() - 1
    };
    for (node, &at) in layer.iter().enumerate() {
        add(&mut graph, Node::Real(node), at);
    }
    let forward = dependencies.iter().enumerate().flat_map(|(to, before)| before.iter().map(move |&from| (from, to)));
    let forward: Vec<_> =
        forward.filter(|&(from, to)| layer.get(from).is_some_and(|before| *before < layer[to])).collect();
    let dummies: usize = forward.iter().map(|&(from, to)| layer[to] - layer[from] - 1).sum();
    for (from, to) in forward {
        let mut chain = vec![from];
        if dummies <= MAX_DUMMY_NODES {
            chain.extend((layer[from] + 1..layer[to]).map(|at| add(&mut graph, Node::Dummy, at)));
        }
        chain.push(to);
        for pair in chain.windows(2) {
            graph.after[pair[0]].push(pair[1]);
            graph.before[pair[1]].push(pair[0]);
        }
        graph.chains.push((from, to, chain));
    }
    graph
}
