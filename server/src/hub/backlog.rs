//! The events between a subscriber's cursor and its first live event, a page at a time. Never the live ones, and never
//! the log itself: what the ring no longer holds, the socket reads there.

use std::sync::Arc;

use orrery_protocol::{Event, Seq, WorkspaceId};

use super::about::About;
use super::interest::Interest;
use super::place::{Place, hears};
use super::ring::{Delivered, Ring};
use super::{Hub, Selection};
use crate::publish::Published;

/// How many events of the ring are looked at while its lock is held.
const PAGE: usize = 512;

/// What is left to catch up with.
#[derive(Debug)]
pub struct Backlog {
    interest: Interest,
    /// Where an agent stood, for as long as it stood there: the places with the event that ended each, oldest first.
    stays: Vec<(Seq, Option<Place>)>,
    /// The last event that was looked at.
    at: Seq,
    /// The last event that is not live.
    until: Seq,
}

/// The ring no longer holds the next event: read the log after this place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    pub after: Seq,
}

impl Backlog {
    /// `place` is where an agent stands now.
    pub(super) fn new(interest: Interest, place: &Option<Place>, after: Seq, ring: &Ring) -> Self {
        let stays = match &interest {
            Interest::Agent(own, _) => stays(own, place, after, ring),
            Interest::Canvas(_) | Interest::Stream(_) => Vec::new(),
        };
        Self { interest, stays, at: after, until: ring.head() }
    }

    pub fn is_done(&self) -> bool {
        self.at >= self.until
    }

    pub fn until(&self) -> Seq {
        self.until
    }

    /// The next page from the ring, in order; it may hold nothing that is wanted.
    pub fn page(&mut self, hub: &Hub) -> Result<Vec<Arc<Published>>, Missing> {
        let delivery = hub.lock();
        let events = delivery.ring.after(self.at).ok_or(Missing { after: self.at })?;
        let mut page = Vec::new();
        for delivered in events.take(PAGE).take_while(|it| it.published.seq <= self.until) {
            self.at = delivered.published.seq;
            if self.wants(delivered) {
                page.push(delivered.published.clone());
            }
        }
        Ok(page)
    }

    /// What the log had after `Missing`, in order; answers with what is wanted. `None` when the log had a gap, and for
    /// agents: where they stood then only the ring knows.
    pub fn sift(&mut self, read: Vec<Arc<Published>>) -> Option<Vec<Arc<Published>>> {
        if matches!(self.interest, Interest::Agent(..)) {
            return None;
        }
        let mut page = Vec::new();
        for published in read.into_iter().filter(|it| it.seq <= self.until) {
            if published.seq != self.at + 1 {
                return None;
            }
            self.at = published.seq;
            if self.wants(&Delivered { published: published.clone(), about: None }) {
                page.push(published);
            }
        }
        Some(page)
    }

    /// A stream's subscriber wants something else from now on.
    pub fn select(&mut self, selection: Selection) {
        self.interest = Interest::Stream(selection);
    }

    fn wants(&self, Delivered { published, about }: &Delivered) -> bool {
        match &self.interest {
            Interest::Canvas(kinds) => kinds.want(&published.event),
            Interest::Stream(selection) => matches!(&published.event, Event::Run(event) if selection.wants(event)),
            Interest::Agent(own, kinds) => {
                let about = about.as_deref().filter(|_| kinds.want(&published.event));
                about.is_some_and(|about| self.heard(own, about, published.seq))
            }
        }
    }

    fn heard(&self, own: &WorkspaceId, about: &About, seq: Seq) -> bool {
        let stood = |seq: Seq| self.stays.iter().find(|(end, _)| seq <= *end)?.1.as_ref();
        let near = |stood: Option<&Place>, subject: &WorkspaceId, place: Option<&Place>| {
            let places = stood.zip(place);
            places.is_some_and(|(stood, place)| hears(own, stood, subject, place))
        };
        near(stood(seq), &about.subject, about.before.as_ref())
            || near(stood(seq + 1), &about.subject, about.after.as_ref())
            || about.other.iter().any(|(other, place)| near(stood(seq + 1), other, Some(place)))
    }
}

/// Walks back from where the agent stands now.
fn stays(own: &WorkspaceId, place: &Option<Place>, after: Seq, ring: &Ring) -> Vec<(Seq, Option<Place>)> {
    let mut stays = vec![(Seq::MAX, place.clone())];
    for Delivered { published, about } in ring.after(after).into_iter().flatten().rev() {
        let relocated = about.iter().flat_map(|about| &about.relocated);
        for moved in relocated.filter(|moved| moved.id == *own) {
            stays.push((published.seq, moved.before.clone()));
        }
    }
    stays.reverse();
    stays
}
