//! What an event costs in the hub with a thousand agents in a tree of five levels: folded, matched, put into the queues of
//! those who may hear it. No socket, no log. Prints one line of JSON. Never what a delivery costs after that.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use orrery_model::Canvas;
use orrery_protocol::workspace_event::Provisioning;
use orrery_protocol::{Epoch, Event, Timestamp, WorkspaceChange, WorkspaceEvent, WorkspaceId};
use orrery_server::hub::{Hub, Interest, Kinds, Since, Subscription};
use orrery_server::publish::Published;
use serde_json::json;

const AGENTS: usize = 1_000;
/// A thousand with six children each stand in five levels.
const CHILDREN: usize = 6;
const EVENTS: usize = 200_000;

fn main() {
    let alone = measure(0);
    let together = measure(AGENTS);
    let micros = |took: Duration| took.as_secs_f64() * 1e6 / EVENTS as f64;
    let figures = json!({
        "us_an_event": micros(together.took),
        "us_an_event_alone": micros(alone.took),
        "heard_by": together.heard as f64 / EVENTS as f64,
    });
    println!("{figures}");
}

struct Measured {
    took: Duration,
    heard: usize,
}

fn measure(agents: usize) -> Measured {
    let hub = Arc::new(Hub::new(Epoch::new("bench"), Canvas::new(), 1));
    let ids: Vec<WorkspaceId> = (0..AGENTS).map(id).collect();
    let mut seq = 0;
    let mut event = |at: usize, change: WorkspaceChange| {
        seq += 1;
        let event = WorkspaceEvent { workspace_id: ids[at].clone(), timestamp: Timestamp::default(), change };
        Arc::new(Published::new(seq, Event::Workspace(event)))
    };
    for at in 0..AGENTS {
        let parent_id = at.checked_sub(1).map(|before| id(before / CHILDREN));
        let said = Provisioning { name: format!("Agent {at}"), parent_id, ..Provisioning::default() };
        hub.deliver([event(at, WorkspaceChange::Provisioning(said))]);
    }
    let join = |id: &WorkspaceId| hub.subscribe(Interest::Agent(id.clone(), Kinds::default()), Since::Now).0;
    let listeners: Vec<Subscription> = ids.iter().take(agents).map(join).collect();
    let task = |turn: usize| WorkspaceChange::TaskUpdated { current_task: Some(format!("{turn}")), active_tasks: 1 };
    let events: Vec<_> = (0..EVENTS).map(|turn| event(turn % AGENTS, task(turn))).collect();
    let (mut took, mut heard, mut taken) = (Duration::ZERO, 0, Vec::new());
    // Queues are emptied now and then, as sockets do, outside of the time that counts.
    for some in events.chunks(AGENTS) {
        let started = Instant::now();
        for published in some {
            hub.deliver([black_box(published.clone())]);
        }
        took += started.elapsed();
        for listener in &listeners {
            while !listener.queue.is_drained() {
                listener.queue.take(usize::MAX, &mut taken);
            }
            heard += taken.len();
            taken.clear();
        }
    }
    Measured { took, heard }
}

fn id(number: usize) -> WorkspaceId {
    WorkspaceId::parse(&format!("ws-{number:04}")).expect("letters and digits are an id")
}
