//! Where across its level each knot stands: as near to its neighbours' middle as those beside it allow. Never the order.

use super::Net;
use super::order::mean;

const SWEEPS: usize = 8;

/// The middle of each knot; the least edge of all is at 0.
pub(super) fn middles(net: &Net, rows: &[Vec<usize>], breadth: impl Fn(usize) -> f64, gap: f64) -> Vec<f64> {
    let mut at = vec![0.0; net.knots.len()];
    for row in rows {
        let mut edge = 0.0;
        for &knot in row {
            at[knot] = edge + breadth(knot) / 2.0;
            edge += breadth(knot) + gap;
        }
        let middle = (edge - gap) / 2.0;
        row.iter().for_each(|&knot| at[knot] -= middle);
    }
    for sweep in 0..SWEEPS {
        let forth = sweep % 2 == 0;
        for step in 0..rows.len() {
            let row = &rows[if forth { step } else { rows.len() - 1 - step }];
            // The last two look both ways, so that what has no one before it stands well too.
            let wish = |knot: usize| {
                let (before, after) = (mean(&net.before[knot], &at), mean(&net.after[knot], &at));
                let (first, second) = if forth { (before, after) } else { (after, before) };
                match (first, second) {
                    (Some(first), Some(second)) if sweep >= SWEEPS - 2 => (first + second) / 2.0,
                    (Some(only), _) | (None, Some(only)) => only,
                    (None, None) => at[knot],
                }
            };
            let wishes: Vec<f64> = row.iter().map(|&knot| wish(knot)).collect();
            let mut offsets = Vec::with_capacity(row.len());
            for (index, &knot) in row.iter().enumerate() {
                let before = index.checked_sub(1).map(|before| row[before]);
                let apart = before.map_or(0.0, |before| (breadth(before) + breadth(knot)) / 2.0 + gap);
                offsets.push(offsets.last().copied().unwrap_or(0.0) + apart);
            }
            for (index, place) in nearest(&wishes, &offsets).into_iter().enumerate() {
                at[row[index]] = place;
            }
        }
    }
    let least = (0..at.len()).map(|knot| at[knot] - breadth(knot) / 2.0).fold(f64::INFINITY, f64::min);
    at.iter_mut().for_each(|at| *at -= least);
    at
}

/// As near to the wishes as possible (least squares), each at least its offset behind the one before.
fn nearest(wishes: &[f64], offsets: &[f64]) -> Vec<f64> {
    // Those that push each other stand as one block: (sum of its wishes, how many).
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (wish, offset) in wishes.iter().zip(offsets) {
        blocks.push((wish - offset, 1));
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
