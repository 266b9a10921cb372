//! The order within each level that lets few lines cross: each knot near the middle of its neighbours, a few times to
//! and fro. Never where a knot stands.

use super::Net;

const SWEEPS: usize = 6;

/// Level by level.
pub(super) fn ordered(net: &Net) -> Vec<Vec<usize>> {
    let depth = net.level.iter().max().map_or(0, |deepest| deepest + 1);
    let mut rows = vec![Vec::new(); depth];
    for (knot, &level) in net.level.iter().enumerate() {
        rows[level].push(knot);
    }
    let mut at = vec![0.0; net.knots.len()];
    rows.iter().for_each(|row| number(row, &mut at));
    let (mut best, mut fewest) = (rows.clone(), crossings(net, &rows, &at));
    for sweep in 0..SWEEPS {
        let forth = sweep % 2 == 0;
        let neighbours = if forth { &net.before } else { &net.after };
        for step in 0..depth {
            let row = &mut rows[if forth { step } else { depth - 1 - step }];
            let wish: Vec<f64> = row.iter().map(|&knot| mean(&neighbours[knot], &at).unwrap_or(at[knot])).collect();
            *row = by(&wish).into_iter().map(|place| row[place]).collect();
            number(row, &mut at);
        }
        let count = crossings(net, &rows, &at);
        if count < fewest {
            (best, fewest) = (rows.clone(), count);
        }
    }
    best
}

/// The places of the weights, the lightest first; of equal ones, the first first. By insertion: levels are short, and a
/// sort of the library would be most of what this room costs to load.
pub fn by(weights: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(weights.len());
    for (place, weight) in weights.iter().enumerate() {
        let at = order.partition_point(|&before| weights[before] <= *weight);
        order.insert(at, place);
    }
    order
}

fn number(row: &[usize], at: &mut [f64]) {
    for (place, &knot) in row.iter().enumerate() {
        at[knot] = place as f64;
    }
}

pub(super) fn mean(of: &[usize], at: &[f64]) -> Option<f64> {
    (!of.is_empty()).then(|| of.iter().map(|&knot| at[knot]).sum::<f64>() / of.len() as f64)
}

fn crossings(net: &Net, rows: &[Vec<usize>], at: &[f64]) -> usize {
    let mut count = 0;
    for row in rows {
        let lines: Vec<(f64, f64)> =
            row.iter().flat_map(|&knot| net.after[knot].iter().map(move |&next| (at[knot], at[next]))).collect();
        // Wide levels are not worth the square of their lines.
        for (index, one) in lines.iter().enumerate().take(400) {
            let others = lines[index + 1..].iter().take(400);
            count += others.filter(|other| (one.0 - other.0) * (one.1 - other.1) < 0.0).count();
        }
    }
    count
}
