//! How many requests each workspace makes. Never what they are.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use orrery_protocol::WorkspaceId;

use super::bucket::Bucket;

/// Above so many, those that were quiet are forgotten.
const REMEMBERED: usize = 4096;

#[derive(Debug)]
pub struct Workspaces {
    rate: u32,
    buckets: Mutex<HashMap<WorkspaceId, Bucket>>,
}

impl Workspaces {
    /// So many a second for each.
    pub fn new(rate: u32) -> Self {
        Self { rate, buckets: Mutex::default() }
    }

    /// One request; when it is one too many, tells after how long it is not.
    pub fn take(&self, id: &WorkspaceId, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(id) {
            return bucket.take(now, self.rate);
        }
        if buckets.len() > REMEMBERED {
            buckets.retain(|_, bucket| !bucket.is_fresh(now, self.rate));
        }
        buckets.entry(id.clone()).or_insert_with(|| Bucket::new(now)).take(now, self.rate)
    }
}
