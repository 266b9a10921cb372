//! Layouts as tables: the layer of each node, no overlaps, and edges that go forward.

use super::*;

const NODE: Size = Size { width: 100.0, height: 40.0 };
const SPACING: Spacing = Spacing { layers: 40.0, nodes: 10.0 };

fn parse_dependencies(text: &str) -> Vec<Vec<usize>> {
    let numbers = |it: &str| it.split_whitespace().map(|it| it.parse().unwrap()).collect();
    text.split(',').map(numbers).collect()
}

#[test]
fn a_node_is_after_the_last_of_its_dependencies() {
    for (dependencies, expected) in [
        ("", vec![0]),
        (",0,1", vec![0, 1, 2]),
        (",0,0,1 2", vec![0, 1, 1, 2]),
        (",0,1,0 2", vec![0, 1, 2, 3]),
        ("1 2,,1", vec![2, 0, 1]),
        // An unknown node; itself; a cycle.
        ("9,0", vec![0, 1]),
        ("0,0", vec![0, 1]),
        ("1,0,1", vec![0, 1, 2]),
    ] {
        assert_eq!(layers(&parse_dependencies(dependencies)), expected, "{dependencies:?}");
    }
}

#[test]
fn a_chain_of_three_is_a_line_in_either_direction() {
    let right = layered_layout(&parse_dependencies(",0,1"), NODE, SPACING, Direction::Right);
    let at: Vec<_> = right.nodes.iter().map(|it| (it.at.x, it.at.y)).collect();
    assert_eq!(at, [(0.0, 0.0), (140.0, 0.0), (280.0, 0.0)]);
    assert_eq!(right.edges[0].path, "M100.0 20.0 C120.0 20.0 120.0 20.0 140.0 20.0 ");
    assert_eq!(right.size, Size { width: 380.0, height: 40.0 });
    let down = layered_layout(&parse_dependencies(",0,1"), NODE, SPACING, Direction::Down);
    let at: Vec<_> = down.nodes.iter().map(|it| (it.at.x, it.at.y)).collect();
    assert_eq!(at, [(0.0, 0.0), (0.0, 80.0), (0.0, 160.0)]);
    assert_eq!(down.edges[1].path, "M50.0 120.0 C50.0 140.0 50.0 140.0 50.0 160.0 ");
}

#[test]
fn a_fork_is_symmetric() {
    let layout = layered_layout(&parse_dependencies(",0,0,1 2"), NODE, SPACING, Direction::Right);
    let middles: Vec<_> = layout.nodes.iter().map(|it| it.middle().y).collect();
    assert_eq!(middles, [45.0, 20.0, 70.0, 45.0]);
}

#[test]
fn a_long_edge_passes_beside_the_nodes_between() {
    let layout = layered_layout(&parse_dependencies(",0,1,0 2"), NODE, SPACING, Direction::Right);
    assert_eq!(layout.edges.len(), 4);
    let long = layout.edges.iter().find(|line| (line.from, line.to) == (0, 3)).unwrap();
    assert_eq!(long.path.matches('C').count(), 3);
    let crossing: f64 = long.path.split('L').nth(1).unwrap().split_whitespace().nth(1).unwrap().parse().unwrap();
    let between = &layout.nodes[1];
    assert!(crossing < between.at.y || crossing > between.at.y + NODE.height, "{crossing} through {between:?}");
}

#[test]
fn reorders_nodes_whose_edges_would_cross() {
    // Two edges whose ends are listed in the opposite order.
    let layout = layered_layout(&parse_dependencies(",,1,0"), NODE, SPACING, Direction::Right);
    assert!(layout.nodes[3].at.y < layout.nodes[2].at.y);
}

/// Returns a pseudo-random number, the same in each run.
fn random(seed: &mut u64, below: usize) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as usize % below
}

#[test]
fn fifty_nodes_do_not_overlap_and_edges_go_forward() {
    let mut seed = 7;
    for direction in [Direction::Right, Direction::Down] {
        for _ in 0..40 {
            let after = |seed: &mut u64, step: usize| match step {
                0 => Vec::new(),
                _ => (0..random(seed, 4)).map(|_| random(seed, step)).collect::<Vec<_>>(),
            };
            let dependencies: Vec<Vec<usize>> = (0..50).map(|step| after(&mut seed, step)).collect();
            let layout = layered_layout(&dependencies, NODE, SPACING, direction);
            for (index, one) in layout.nodes.iter().enumerate() {
                assert!(one.at.x >= -0.01 && one.at.y >= -0.01);
                assert!(layout.nodes[index + 1..].iter().all(|other| !one.meets(other)), "{one:?}");
            }
            for (step, all) in dependencies.iter().enumerate() {
                for &before in all {
                    let (from, to) = (&layout.nodes[before], &layout.nodes[step]);
                    match direction {
                        Direction::Right => assert!(from.at.x + NODE.width < to.at.x),
                        Direction::Down => assert!(from.at.y + NODE.height < to.at.y),
                    }
                }
            }
        }
    }
}

#[test]
fn lays_out_an_empty_graph_and_a_very_large_one() {
    assert_eq!(layered_layout(&[], NODE, SPACING, Direction::Right), LayeredLayout::default());
    // A thousand nodes that each depend on the first and on the one before: half a million dummy nodes would be too many.
    let dependencies: Vec<Vec<usize>> =
        (0..1000usize).map(|step| step.checked_sub(1).map_or(Vec::new(), |before| vec![0, before])).collect();
    let layout = layered_layout(&dependencies, NODE, SPACING, Direction::Right);
    assert_eq!((layout.nodes.len(), layout.edges.len()), (1000, 1998));
}
