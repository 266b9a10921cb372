//! The hub delivers announced events. For now it only keeps the mirror: the fold of what was committed.

use std::sync::{Arc, PoisonError, RwLock};

use orrery_model::{Canvas, Changes};
use orrery_protocol::{Epoch, Seq};

use crate::publish::Published;

pub struct Hub {
    epoch: Epoch,
    mirror: RwLock<Canvas>,
}

impl Hub {
    pub fn new(epoch: Epoch, canvas: Canvas, _oldest: Seq) -> Self {
        Self { epoch, mirror: RwLock::new(canvas) }
    }

    pub fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// Called by the bus alone, in order.
    pub fn deliver(&self, published: Arc<Published>) {
        let mut mirror = self.mirror.write().unwrap_or_else(PoisonError::into_inner);
        mirror.pass(published.seq);
        mirror.fold(&published.event, &mut Changes::default());
    }

    /// Looks at the mirror: the state after the last announced event (`Canvas::seq`).
    pub fn look<T>(&self, look: impl FnOnce(&Canvas) -> T) -> T {
        look(&self.mirror.read().unwrap_or_else(PoisonError::into_inner))
    }
}
