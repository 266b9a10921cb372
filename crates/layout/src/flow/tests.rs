//! Plans as tables: on which level each step stands, that none lies over another, and that every line goes forward.

use super::*;

const STEP: Size = Size { width: 100.0, height: 40.0 };
const GAPS: Gaps = Gaps { along: 40.0, across: 10.0 };

fn plan(text: &str) -> Vec<Vec<usize>> {
    let numbers = |it: &str| it.split_whitespace().map(|it| it.parse().unwrap()).collect();
    text.split(',').map(numbers).collect()
}

#[test]
fn a_step_stands_after_the_last_one_it_waits_for() {
    for (waits_for, expected) in [
        ("", vec![0]),
        (",0,1", vec![0, 1, 2]),
        (",0,0,1 2", vec![0, 1, 1, 2]),
        (",0,1,0 2", vec![0, 1, 2, 3]),
        ("1 2,,1", vec![2, 0, 1]),
        // Nobody that is there; itself; a circle.
        ("9,0", vec![0, 1]),
        ("0,0", vec![0, 1]),
        ("1,0,1", vec![0, 1, 2]),
    ] {
        assert_eq!(levels(&plan(waits_for)), expected, "{waits_for:?}");
    }
}

#[test]
fn a_row_of_three_is_one_line_either_way() {
    let right = flow(&plan(",0,1"), STEP, GAPS, Way::Right);
    let at: Vec<_> = right.places.iter().map(|it| (it.at.x, it.at.y)).collect();
    assert_eq!(at, [(0.0, 0.0), (140.0, 0.0), (280.0, 0.0)]);
    assert_eq!(right.lines[0].path, "M100.0 20.0 C120.0 20.0 120.0 20.0 140.0 20.0 ");
    assert_eq!(right.size, Size { width: 380.0, height: 40.0 });
    let down = flow(&plan(",0,1"), STEP, GAPS, Way::Down);
    let at: Vec<_> = down.places.iter().map(|it| (it.at.x, it.at.y)).collect();
    assert_eq!(at, [(0.0, 0.0), (0.0, 80.0), (0.0, 160.0)]);
    assert_eq!(down.lines[1].path, "M50.0 120.0 C50.0 140.0 50.0 140.0 50.0 160.0 ");
}

#[test]
fn a_fork_is_even_on_both_sides() {
    let flow = flow(&plan(",0,0,1 2"), STEP, GAPS, Way::Right);
    let middles: Vec<_> = flow.places.iter().map(|it| it.middle().y).collect();
    assert_eq!(middles, [45.0, 20.0, 70.0, 45.0]);
}

#[test]
fn a_long_line_passes_beside_the_steps_between() {
    let flow = flow(&plan(",0,1,0 2"), STEP, GAPS, Way::Right);
    assert_eq!(flow.lines.len(), 4);
    let long = flow.lines.iter().find(|line| (line.from, line.to) == (0, 3)).unwrap();
    assert_eq!(long.path.matches('C').count(), 3);
    let bend: f64 = long.path.split('L').nth(1).unwrap().split_whitespace().nth(1).unwrap().parse().unwrap();
    let between = &flow.places[1];
    assert!(bend < between.at.y || bend > between.at.y + STEP.height, "{bend} through {between:?}");
}

#[test]
fn swapped_neighbours_are_put_in_order() {
    // Two pairs whose seconds were named the other way round.
    let flow = flow(&plan(",,1,0"), STEP, GAPS, Way::Right);
    assert!(flow.places[3].at.y < flow.places[2].at.y);
}

/// Numbers that look random, always the same.
fn some(seed: &mut u64, below: usize) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as usize % below
}

#[test]
fn fifty_steps_never_lie_over_each_other_and_every_line_goes_forward() {
    let mut seed = 7;
    for way in [Way::Right, Way::Down] {
        for _ in 0..40 {
            let after = |seed: &mut u64, step: usize| match step {
                0 => Vec::new(),
                _ => (0..some(seed, 4)).map(|_| some(seed, step)).collect::<Vec<_>>(),
            };
            let waits_for: Vec<Vec<usize>> = (0..50).map(|step| after(&mut seed, step)).collect();
            let flow = flow(&waits_for, STEP, GAPS, way);
            for (index, one) in flow.places.iter().enumerate() {
                assert!(one.at.x >= -0.01 && one.at.y >= -0.01);
                assert!(flow.places[index + 1..].iter().all(|other| !one.meets(other)), "{one:?}");
            }
            for (step, all) in waits_for.iter().enumerate() {
                for &before in all {
                    let (from, to) = (&flow.places[before], &flow.places[step]);
                    match way {
                        Way::Right => assert!(from.at.x + STEP.width < to.at.x),
                        Way::Down => assert!(from.at.y + STEP.height < to.at.y),
                    }
                }
            }
        }
    }
}

#[test]
fn nothing_and_too_much_are_laid_out_too() {
    assert_eq!(flow(&[], STEP, GAPS, Way::Right), Flow::default());
    // A thousand steps, each waiting for the first and the one before it: half a million bends would be too many.
    let waits_for: Vec<Vec<usize>> =
        (0..1000usize).map(|step| step.checked_sub(1).map_or(Vec::new(), |before| vec![0, before])).collect();
    let flow = flow(&waits_for, STEP, GAPS, Way::Right);
    assert_eq!((flow.places.len(), flow.lines.len()), (1000, 1998));
}
