//! On which level each step stands: one after the last of those it waits for. Never the order within a level.

/// Steps that wait for each other in a circle, or for one that is not there, stand as if they did not.
pub fn levels(waits_for: &[Vec<usize>]) -> Vec<usize> {
    let count = waits_for.len();
    let mut level = vec![0; count];
    let mut open: Vec<usize> = waits_for.iter().map(|all| all.iter().filter(|it| **it < count).count()).collect();
    let mut followers = vec![Vec::new(); count];
    for (step, all) in waits_for.iter().enumerate() {
        all.iter().filter(|it| **it < count).for_each(|it| followers[*it].push(step));
    }
    let mut placed = vec![false; count];
    let mut ready: Vec<usize> = (0..count).filter(|step| open[*step] == 0).collect();
    loop {
        // In a circle nobody is ready: the first one left begins.
        let next = ready.pop().or_else(|| placed.iter().position(|placed| !placed));
        let Some(step) = next else { return level };
        if std::mem::replace(&mut placed[step], true) {
            continue;
        }
        for &follower in followers[step].iter().filter(|it| !placed[**it]) {
            level[follower] = level[follower].max(level[step] + 1);
            open[follower] -= 1;
            if open[follower] == 0 {
                ready.push(follower);
            }
        }
    }
}
