//! Index of a workspace record.

/// Index of a workspace in the slab. It is stable while the workspace exists, and reused after its removal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(u32);

impl Slot {
    /// Panics if the index needs more than 32 bits.
    pub(crate) fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("there are fewer than 2^32 workspaces"))
    }

    /// Returns the index, for arrays beside the slab.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}
