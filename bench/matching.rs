//! Measures what an event costs in the hub with a thousand agents in a tree of five levels: to reduce it, to match it, and to
//! queue it for those who may receive it, without a socket or a log. Prints one line of JSON.

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
/// With six children each, a thousand agents make five levels.
const CHILDREN: usize = 6;
const EVENTS: usize = 200_000;

fn main() {
    let alone = measure(0);
    let together = measure(AGENTS);
    let micros = |duration: Duration| duration.as_secs_f64() * 1e6 / EVENTS as f64;
    let figures = json!({
        "us_an_event": micros(together.duration),
        "us_an_event_alone": micros(alone.duration),
        "receivers": together.received as f64 / EVENTS as f64,
    });
    println!("{figures}");
}

struct Measured {
    duration: Duration,
    received: usize,
}

fn measure(agents: usize) -> Measured {
    let hub = Arc::new(Hub::new(Epoch::new("bench"), Canvas::new(), 1));
    let ids: Vec<WorkspaceId> = (0..AGENTS).map(id).collect();
    let mut seq = 0;
    let mut event = |index: usize, change: WorkspaceChange| {
        seq += 1;
        let event = WorkspaceEvent { workspace_id: ids[index].clone(), timestamp: Timestamp::default(), change };
        Arc::new(Published::new(seq, Event::Workspace(event)))
    };
    for index in 0..AGENTS {
        let parent_id = index.checked_sub(1).map(|before| id(before / CHILDREN));
        let provisioning = Provisioning { name: format!("Agent {index}"), parent_id, ..Provisioning::default() };
        hub.deliver([event(index, WorkspaceChange::Provisioning(provisioning))]);
    }
    let subscribe = |id: &WorkspaceId| hub.subscribe(Interest::Agent(id.clone(), Kinds::default()), Since::Now).0;
    let subscriptions: Vec<Subscription> = ids.iter().take(agents).map(subscribe).collect();
    let task = |turn: usize| WorkspaceChange::TaskUpdated { current_task: Some(format!("{turn}")), active_tasks: 1 };
    let events: Vec<_> = (0..EVENTS).map(|turn| event(turn % AGENTS, task(turn))).collect();
    let (mut duration, mut received, mut taken) = (Duration::ZERO, 0, Vec::new());
    // The queues are drained in between, as sockets do, outside of the measured time.
    for chunk in events.chunks(AGENTS) {
        let started = Instant::now();
        for published in chunk {
            hub.deliver([black_box(published.clone())]);
        }
        duration += started.elapsed();
        for subscription in &subscriptions {
            while !subscription.queue.is_drained() {
                subscription.queue.take(usize::MAX, &mut taken);
            }
            received += taken.len();
            taken.clear();
        }
    }
    Measured { duration, received }
}

fn id(number: usize) -> WorkspaceId {
    WorkspaceId::parse(&format!("ws-{number:04}")).expect("letters and digits are an id")
}
