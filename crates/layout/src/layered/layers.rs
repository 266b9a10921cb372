//! Assigns nodes to layers: each one layer after the last of its dependencies.

/// Returns the layer of each node. Dependencies that close a cycle, or on unknown nodes, are ignored.
pub fn layers(dependencies: &[Vec<usize>]) -> Vec<usize> {
    let count = dependencies.len();
    let mut layer = vec![0; count];
    let mut pending: Vec<usize> =
        dependencies.iter().map(|before| before.iter().filter(|node| **node < count).count()).collect();
    let mut followers = vec![Vec::new(); count];
    for (node, before) in dependencies.iter().enumerate() {
        before.iter().filter(|node| **node < count).for_each(|before| followers[*before].push(node));
    }
    let mut placed = vec![false; count];
    let mut ready: Vec<usize> = (0..count).filter(|node| pending[*node] == 0).collect();
    loop {
        // Within a cycle no node is ready: the first remaining one is taken.
        let next = ready.pop().or_else(|| placed.iter().position(|placed| !placed));
        let Some(node) = next else { return layer };
        if std::mem::replace(&mut placed[node], true) {
            continue;
        }
        for &follower in followers[node].iter().filter(|follower| !placed[**follower]) {
            layer[follower] = layer[follower].max(layer[node] + 1);
            pending[follower] -= 1;
            if pending[follower] == 0 {
                ready.push(follower);
            }
        }
    }
}
