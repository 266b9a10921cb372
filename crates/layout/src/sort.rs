//! Orders slots by a whole number of theirs: one sort for the page, because every other kind of sort is compiled anew.
//! Never what the number means.

use orrery_model::Slot;

/// The least first; of equal ones, the lower slot.
pub fn by(slots: &mut Vec<Slot>, key: impl Fn(Slot) -> u32) {
    let mut keyed: Vec<(u32, Slot)> = slots.iter().map(|slot| (key(*slot), *slot)).collect();
    self::keyed(&mut keyed);
    slots.clear();
    slots.extend(keyed.into_iter().map(|(_, slot)| slot));
}

pub fn keyed(slots: &mut [(u32, Slot)]) {
    slots.sort_unstable();
}

/// Each once, the lowest first.
pub fn once(slots: &mut Vec<Slot>) {
    by(slots, |_| 0);
    slots.dedup();
}

/// A key for the largest first, of sizes that are not negative.
pub fn largest_first(size: f64) -> u32 {
    !(size as f32).to_bits()
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn the_largest_comes_first() {
        let mut sizes = [0.0, 120.5, 40.0, 9_999.0];
        sizes.sort_by_key(|size| largest_first(*size));
        assert_eq!(sizes, [9_999.0, 120.5, 40.0, 0.0]);
    }
}
