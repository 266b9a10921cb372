//! Positions the nodes within their layer: each as near to the mean of its neighbours as the nodes beside it allow.

use super::Graph;
use super::ordering::mean;

const SWEEPS: usize = 8;

/// Returns the center of each node across the layers. The first edge of all is at 0.
pub(super) fn centers(graph: &Graph, rows: &[Vec<usize>], breadth: impl Fn(usize) -> f64, gap: f64) -> Vec<f64> {
    let mut at = vec![0.0; graph.nodes.len()];
    for row in rows {
        let mut edge = 0.0;
        for &node in row {
            at[node] = edge + breadth(node) / 2.0;
            edge += breadth(node) + gap;
        }
        let middle = (edge - gap) / 2.0;
        row.iter().for_each(|&node| at[node] -= middle);
    }
    for sweep in 0..SWEEPS {
        let forth = sweep % 2 == 0;
        for step in 0..rows.len() {
            let row = &rows[if forth { step } else { rows.len() - 1 - step }];
            // The last two sweeps use both sides, so that nodes with neighbours on one side only are centered, too.
            let target = |node: usize| {
                let (before, after) = (mean(&graph.before[node], &at), mean(&graph.after[node], &at));
                let (first, second) = if forth { (before, after) } else { (after, before) };
                match (first, second) {
                    (Some(first), Some(second)) if sweep >= SWEEPS - 2 => (first + second) / 2.0,
                    (Some(only), _) | (None, Some(only)) => only,
                    (None, None) => at[node],
                }
            };
            let targets: Vec<f64> = row.iter().map(|&node| target(node)).collect();
            let mut offsets = Vec::with_capacity(row.len());
            for (index, &node) in row.iter().enumerate() {
                let before = index.checked_sub(1).map(|before| row[before]);
                let apart = before.map_or(0.0, |before| (breadth(before) + breadth(node)) / 2.0 + gap);
                offsets.push(offsets.last().copied().unwrap_or(0.0) + apart);
            }
            for (index, place) in fit_to_targets(&targets, &offsets).into_iter().enumerate() {
                at[row[index]] = place;
            }
        }
    }
    let least = (0..at.len()).map(|node| at[node] - breadth(node) / 2.0).fold(f64::INFINITY, f64::min);
    at.iter_mut().for_each(|at| *at -= least);
    at
}

/// Returns places as near to the targets as possible (least squares) that are at least as far apart as the offsets.
fn fit_to_targets(targets: &[f64], offsets: &[f64]) -> Vec<f64> {
    // Nodes that touch form a block: the sum of its targets, and the number of nodes.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (target, offset) in targets.iter().zip(offsets) {
        blocks.push((target - offset, 1));
        while let [.., (before, many), (last, more)] = blocks[..]
            && before / many as f64 > last / more as f64
        {
            blocks.truncate(blocks.len() - 2);
            blocks.push((before + last, many + more));
        }
    }
    let places = blocks.iter().flat_map(|&(sum, count)| std::iter::repeat_n(sum / count as f64, count));
    places.zip(offsets).map(|(place, offset)| place + offset).collect()
}
