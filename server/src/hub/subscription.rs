//! One subscriber's place in the hub, given back when it is dropped. Never its socket.

use std::sync::Arc;

use orrery_protocol::Seq;

use super::Hub;
use super::interest::{Interest, Selection};
use super::queue::Queue;
use super::subscribers::Key;
use crate::auth::Proof;

pub struct Subscription {
    pub(super) hub: Arc<Hub>,
    pub(super) key: Key,
    pub(super) interest: Interest,
    pub queue: Arc<Queue>,
}

impl Subscription {
    /// From now on it is cut when this no longer holds. Whether it still does is asked afterwards.
    pub fn rests_on(&self, proof: Proof) {
        if proof != Proof::Lasting {
            self.hub.lock().proofs.insert(self.key, (proof, self.queue.clone()));
        }
    }

    /// A stream's subscriber wants something else from now on.
    pub fn select(&mut self, selection: Selection) {
        self.hub.lock().subscribers.select(self.key, selection.clone(), &self.queue);
        self.interest = Interest::Stream(selection);
    }

    /// The place up to which this subscriber has taken everything, when nothing waits for it.
    pub fn idle_at(&self) -> Option<Seq> {
        let delivery = self.hub.lock();
        self.queue.is_drained().then(|| delivery.ring.head())
    }

    pub fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let delivery = &mut *self.hub.lock();
        delivery.subscribers.remove(self.key, &self.interest);
        delivery.proofs.remove(&self.key);
    }
}
