//! Orders the nodes of each layer so that few edges cross: by the mean of their neighbours, in sweeps forth and back.

use super::Graph;

const SWEEPS: usize = 6;

/// Returns the nodes of each layer in order.
pub(super) fn order_layers(graph: &Graph) -> Vec<Vec<usize>> {
    let depth = graph.layer.iter().max().map_or(0, |deepest| deepest + 1);
    let mut rows = vec![Vec::new(); depth];
    for (node, &layer) in graph.layer.iter().enumerate() {
        rows[layer].push(node);
    }
    let mut at = vec![0.0; graph.nodes.len()];
    rows.iter().for_each(|row| number(row, &mut at));
    let (mut best, mut fewest) = (rows.clone(), crossings(graph, &rows, &at));
    for sweep in 0..SWEEPS {
        let forth = sweep % 2 == 0;
        let neighbours = if forth { &graph.before } else { &graph.after };
        for step in 0..depth {
            let row = &mut rows[if forth { step } else { depth - 1 - step }];
            let weights: Vec<f64> = row.iter().map(|&node| mean(&neighbours[node], &at).unwrap_or(at[node])).collect();
            *row = order_by_weight(&weights).into_iter().map(|place| row[place]).collect();
            number(row, &mut at);
        }
        let count = crossings(graph, &rows, &at);
        if count < fewest {
            (best, fewest) = (rows.clone(), count);
        }
    }
    best
}

/// Returns the indices of the weights in ascending order. Equal weights keep their order.
pub fn order_by_weight(weights: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|a, b| weights[*a].total_cmp(&weights[*b]));
    order
}

fn number(row: &[usize], at: &mut [f64]) {
    for (place, &node) in row.iter().enumerate() {
        at[node] = place as f64;
    }
}

/// Returns the mean position of some nodes.
pub(super) fn mean(nodes: &[usize], at: &[f64]) -> Option<f64> {
    (!nodes.is_empty()).then(|| nodes.iter().map(|&node| at[node]).sum::<f64>() / nodes.len() as f64)
}

fn crossings(graph: &Graph, rows: &[Vec<usize>], at: &[f64]) -> usize {
    let mut count = 0;
    for row in rows {
        let edges: Vec<(f64, f64)> =
            row.iter().flat_map(|&node| graph.after[node].iter().map(move |&next| (at[node], at[next]))).collect();
        // Bounded: the count is quadratic in the edges of a layer.
        for (index, one) in edges.iter().enumerate().take(400) {
            let others = edges[index + 1..].iter().take(400);
            count += others.filter(|other| (one.0 - other.0) * (one.1 - other.1) < 0.0).count();
        }
    }
    count
}
