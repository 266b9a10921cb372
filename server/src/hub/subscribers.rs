//! Everyone who is subscribed, by what they want to hear: one event in, the queues that it goes to out. Never the tree,
//! never a socket.

use std::collections::HashMap;
use std::sync::Arc;

use orrery_protocol::{Event, WorkspaceChange};

use super::about::About;
use super::agents::Agents;
use super::interest::{Interest, Kinds, Selection};
use super::place::Place;
use super::queue::{Closing, Queue};
use super::streams::Streams;

pub type Key = u64;

#[derive(Debug, Clone)]
pub struct Listener {
    pub queue: Arc<Queue>,
    pub kinds: Kinds,
}

#[derive(Debug, Default)]
pub struct Subscribers {
    last: Key,
    canvases: HashMap<Key, Listener>,
    agents: Agents,
    streams: Streams,
}

/// How many are connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Connected {
    pub canvases: usize,
    pub agents: usize,
    pub streams: usize,
}

impl Subscribers {
    /// `place` is where an agent's workspace stands now.
    pub fn insert(&mut self, interest: &Interest, place: Option<Place>, queue: Arc<Queue>) -> Key {
        self.last += 1;
        let key = self.last;
        match interest {
            Interest::Canvas(kinds) => drop(self.canvases.insert(key, Listener { queue, kinds: *kinds })),
            Interest::Agent(workspace, kinds) => {
                self.agents.insert(key, workspace.clone(), place, Listener { queue, kinds: *kinds });
            }
            Interest::Stream(selection) => self.streams.insert(key, selection.clone(), &queue),
        }
        key
    }

    pub fn remove(&mut self, key: Key, interest: &Interest) {
        match interest {
            Interest::Canvas(_) => drop(self.canvases.remove(&key)),
            Interest::Agent(workspace, _) => self.agents.remove(key, workspace),
            Interest::Stream(_) => self.streams.remove(key),
        }
    }

    /// A stream's subscriber wants something else from now on.
    pub fn select(&mut self, key: Key, selection: Selection, queue: &Arc<Queue>) {
        self.streams.insert(key, selection, queue);
    }

    /// Tells every queue that the event goes to; one may be told twice.
    pub fn hear(&mut self, event: &Event, about: Option<&About>, mut tell: impl FnMut(&Arc<Queue>)) {
        for canvas in self.canvases.values().filter(|canvas| canvas.kinds.want(event)) {
            tell(&canvas.queue);
        }
        if let Some(about) = about {
            self.agents.hear(about, |agent| {
                if agent.kinds.want(event) {
                    tell(&agent.queue);
                }
            });
        }
        if let Event::Run(event) = event {
            self.streams.hear(event, tell);
        }
    }

    /// An agent whose workspace was removed has heard so, and nothing more concerns it.
    pub fn end_removed(&self, event: &Event, about: &About) {
        let Event::Workspace(event) = event else { return };
        if let WorkspaceChange::Removed { .. } | WorkspaceChange::Collapsed { .. } = event.change {
            for gone in about.relocated.iter().filter(|moved| moved.after.is_none()) {
                self.agents.of(&gone.id).for_each(|agent| agent.queue.close(Closing::workspace_removed()));
            }
        }
    }

    pub fn close_all(&self, closing: &Closing) {
        self.queues().for_each(|queue| queue.close(closing.clone()));
    }

    pub fn queues(&self) -> impl Iterator<Item = &Arc<Queue>> {
        let queues = self.canvases.values().map(|listener| &listener.queue);
        queues.chain(self.agents.iter().map(|listener| &listener.queue)).chain(self.streams.queues())
    }

    pub fn connected(&self) -> Connected {
        Connected { canvases: self.canvases.len(), agents: self.agents.len(), streams: self.streams.len() }
    }
}
