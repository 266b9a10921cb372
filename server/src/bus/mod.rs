//! The bus announces committed events to the hub, in order. Never the truth: that is the log.

use std::sync::Arc;

use orrery_protocol::Seq;

use crate::hub::Hub;
use crate::publish::Published;

pub enum Bus {
    /// One server: straight to its hub.
    Local(Arc<Hub>),
}

impl Bus {
    pub fn announce(&self, published: Arc<Published>) {
        match self {
            Self::Local(hub) => hub.deliver(published),
        }
    }

    /// The log no longer holds everything before this event.
    pub fn trimmed(&self, oldest: Seq) {
        match self {
            Self::Local(hub) => hub.trimmed(oldest),
        }
    }
}
