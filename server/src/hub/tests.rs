//! The hub without sockets: who hears what, live and after being away, against the plain rule. Never a network.

use orrery_protocol::workspace_event::Provisioning;
use orrery_protocol::{
    Channel, Event, RunEvent, RunEventKind, Timestamp, WorkspaceChange, WorkspaceEvent, WorkspaceId,
};
use proptest::prelude::*;

use super::*;

mod expansion;
mod leaks;
mod story;

use story::{Step, Story};

fn id(number: usize) -> WorkspaceId {
    format!("w{number}").parse().unwrap()
}

fn event(number: usize, change: WorkspaceChange) -> Event {
    Event::Workspace(WorkspaceEvent { workspace_id: id(number), timestamp: Timestamp::default(), change })
}

fn hub() -> Arc<Hub> {
    Arc::new(Hub::new(Epoch::new("e"), Canvas::new(), 1))
}

fn taken(queue: &Queue) -> Vec<Seq> {
    let mut taken = Vec::new();
    while !queue.is_drained() && queue.take(usize::MAX, &mut taken).is_none() {}
    taken.iter().map(|published| published.seq).collect()
}

/// Everything that was missed, then everything that is live.
fn caught_up(hub: &Hub, subscription: &Subscription, backlog: Option<Backlog>) -> Vec<Seq> {
    let mut seqs = Vec::new();
    if let Some(mut backlog) = backlog {
        while !backlog.is_done() {
            seqs.extend(backlog.page(hub).unwrap().iter().map(|published| published.seq));
        }
    }
    seqs.extend(taken(&subscription.queue));
    seqs
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let some = || proptest::option::weighted(0.7, 0usize..100);
    let step = prop_oneof![
        4 => some().prop_map(|parent| Step::Provision { parent }),
        4 => (0usize..100, some()).prop_map(|(child, parent)| Step::Move { child, parent }),
        1 => (0usize..100).prop_map(|workspace| Step::Remove { workspace }),
        4 => (0usize..100).prop_map(|workspace| Step::Task { workspace }),
        1 => (0usize..100).prop_map(|workspace| Step::Update { workspace }),
        2 => (0usize..100, 0usize..100).prop_map(|(from, to)| Step::AgentMoves { from, to }),
        1 => Just(Step::Run),
    ];
    proptest::collection::vec(step, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn agents_hear_exactly_their_reach_live_and_resumed(steps in steps(), joins in 0.0f64..1.0, back in 0.0f64..1.0) {
        let story = Story::tell(&steps);
        let count = story.events.len();
        let joins = (joins * count as f64) as usize;
        let back = joins + (back * (count - joins) as f64) as usize;
        let hub = hub();
        story.deliver(&hub, 0..joins);
        let agents: Vec<(WorkspaceId, Kinds, Subscription)> = hub
            .read(|canvas| canvas.iter().map(|(_, it)| it.id.clone()).collect::<Vec<_>>())
            .into_iter()
            .enumerate()
            .map(|(at, id)| {
                let kinds = Kinds { updates: at % 2 == 0, runs: false };
                let (subscription, _) = hub.subscribe(Interest::Agent(id.clone(), kinds), Since::Now);
                (id, kinds, subscription)
            })
            .collect();
        story.deliver(&hub, joins..back);
        // The same agents again, as if they had been away since they joined.
        let cursor = Cursor { epoch: Epoch::new("e"), seq: joins as Seq };
        let returned: Vec<_> = agents
            .iter()
            .map(|(id, kinds, _)| hub.subscribe(Interest::Agent(id.clone(), *kinds), Since::After(&cursor)))
            .collect();
        story.deliver(&hub, back..count);

        for ((id, kinds, subscription), (again, welcome)) in agents.iter().zip(returned) {
            let expected: Vec<Seq> = (joins..count)
                .filter(|at| story.heard[*at].contains(id) && kinds.want(&story.events[*at]))
                .map(|at| at as Seq + 1)
                .collect();
            prop_assert_eq!(taken(&subscription.queue), expected.clone(), "{} live", id);
            prop_assert_eq!(caught_up(&hub, &again, welcome.backlog), expected, "{} resumed", id);
        }
    }

    #[test]
    fn a_canvas_that_was_away_misses_nothing_and_hears_nothing_twice(
        steps in steps(), at in 0.0f64..1.0, runs in any::<bool>(),
    ) {
        let story = Story::tell(&steps);
        let count = story.events.len();
        let at = (at * count as f64) as usize;
        let hub = hub();
        story.deliver(&hub, 0..count / 2);
        let cursor = Cursor { epoch: Epoch::new("e"), seq: at as Seq };
        let kinds = Kinds { updates: true, runs };
        let (subscription, welcome) = hub.subscribe(Interest::Canvas(kinds), Since::After(&cursor));
        story.deliver(&hub, count / 2..count);
        let resumed = at <= count / 2;
        let head = (count / 2) as Seq;
        let hello = ServerMessage::Hello(Hello { epoch: Epoch::new("e"), head, oldest: 1, resumed });
        prop_assert_eq!(welcome.hello, Some(hello));
        let from = if resumed { at } else { count / 2 };
        let expected: Vec<Seq> =
            (from..count).filter(|at| kinds.want(&story.events[*at])).map(|at| at as Seq + 1).collect();
        prop_assert_eq!(caught_up(&hub, &subscription, welcome.backlog), expected);
    }
}

#[test]
fn an_agent_hears_of_its_own_removal_and_then_the_end() {
    let hub = hub();
    let story = Story::tell(&[Step::Provision { parent: None }, Step::Remove { workspace: 0 }]);
    story.deliver(&hub, 0..1);
    let (agent, _) = hub.subscribe(Interest::Agent(id(0), Kinds::default()), Since::Now);
    story.deliver(&hub, 1..2);
    let mut taken = Vec::new();
    assert_eq!(agent.queue.take(usize::MAX, &mut taken), None);
    assert_eq!(taken.len(), 1);
    assert_eq!(agent.queue.take(usize::MAX, &mut taken), Some(Closing::workspace_removed()));
}

/// What left the ring is in the log, but where an agent stood then is not: better cut than skipped.
#[test]
fn an_agent_is_not_resumed_from_the_log_and_a_canvas_is() {
    let hub = hub();
    let story = Story::tell(&[Step::Provision { parent: None }, Step::Task { workspace: 0 }]);
    story.deliver(&hub, 0..2);
    let cursor = Cursor { epoch: Epoch::new("e"), seq: 1 };
    let log = || vec![Arc::new(Published::new(2, story.events[1].clone()))];
    let sifted = |interest| {
        let (_subscription, welcome) = hub.subscribe(interest, Since::After(&cursor));
        welcome.backlog.unwrap().sift(log()).map(|page| page.len())
    };
    assert_eq!(sifted(Interest::Canvas(Kinds::default())), Some(1));
    assert_eq!(sifted(Interest::Agent(id(0), Kinds::default())), None);
}

#[test]
fn several_matching_channels_are_one_copy_and_a_new_selection_replaces_the_old() {
    let hub = hub();
    let progress = |task: &str| {
        let mut event = RunEvent::new(RunEventKind::AgentActivity, Timestamp::default());
        (event.task_id, event.agent_id) = (Some(task.parse().unwrap()), Some("a".parse().unwrap()));
        Event::Run(event)
    };
    let channels = vec![Channel::All, Channel::Agents, Channel::Task("t".parse().unwrap())];
    let selection = Selection { channels, ..Selection::default() };
    let (mut stream, _) = hub.subscribe(Interest::Stream(selection), Since::Now);
    hub.deliver([Arc::new(Published::new(1, progress("t")))]);
    stream.select(Selection::of(Channel::Task("other".parse().unwrap())));
    hub.deliver([Arc::new(Published::new(2, progress("t")))]);
    hub.deliver([Arc::new(Published::new(3, progress("other")))]);
    assert_eq!(taken(&stream.queue), [1, 3]);
    drop(stream);
    assert_eq!(hub.connected(), Connected::default());
}

#[test]
fn a_server_that_stops_tells_everyone_once() {
    let hub = hub();
    let over = Some(Closing::from(CloseCode::ShuttingDown));
    let (before, _) = hub.subscribe(Interest::Canvas(Kinds::default()), Since::Now);
    hub.shut_down();
    let (after, _) = hub.subscribe(Interest::Stream(Selection::of(Channel::All)), Since::Now);
    for subscription in [before, after] {
        assert_eq!(subscription.queue.take(1, &mut Vec::new()), over);
    }
}
