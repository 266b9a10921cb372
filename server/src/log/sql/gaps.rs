//! Placeholders for rows of the log that are missing, so that readers see every place in it.
//!
//! Compiled once for each engine; `super` says which.

use std::sync::Arc;

use orrery_protocol::Seq;

use super::rows::corrupt;
use crate::log::Unreadable;
use crate::log::unreadable::placeholder;
use crate::publish::Published;

/// Returns at most `limit` of the events that were read, with a placeholder for each that is missing from `first` to `head`.
/// What is missing is counted as unreadable. Events before `first` may have been trimmed.
pub(super) fn without_gaps(
    read: Vec<Arc<Published>>,
    first: Seq,
    head: Seq,
    limit: usize,
    unreadable: &Unreadable,
) -> Vec<Arc<Published>> {
    // A page that is full says nothing of what comes after it.
    let is_full = read.len() >= limit;
    let end = if is_full { read.last().map_or(0, |last| last.seq) } else { head };
    let trimmed_tail = read.partition_point(|event| event.seq < first);
    let mut all = read[..trimmed_tail.min(limit)].to_vec();
    let mut read = read.into_iter().skip(trimmed_tail).peekable();
    for seq in first.. {
        if all.len() >= limit || (seq > end && read.peek().is_none()) {
            break;
        }
        let event = read.next_if(|event| event.seq == seq);
        all.push(event.unwrap_or_else(|| Arc::new(missing(seq, unreadable))));
    }
    all
}

fn missing(seq: Seq, unreadable: &Unreadable) -> Published {
    let error = corrupt("its row is missing");
    unreadable.note("events", &seq, &error);
    Published::new(seq, placeholder(None, None, None, seq, &error))
}
