//! Every stream × every kind × ids there or missing: exactly the copies that section 11.2 of docs/protocol.md promises.

use orrery_protocol::run_event::RunEventFamily;
use orrery_protocol::{RunEvent, RunEventKind};
use orrery_server::clock;
use serde_json::Value;

use crate::support::Server;

/// A stream, and the rule of what it gets in plain words of its own.
type Row = (&'static str, fn(&RunEvent) -> bool);

const ROWS: [Row; 13] = [
    ("/ws/tasks/t1", |it| is(&it.task_id, "t1")),
    ("/ws/runs/r1", |it| is(&it.run_id, "r1")),
    ("/ws/stream", |_| true),
    ("/ws/agents/a1", |it| is(&it.agent_id, "a1")),
    ("/ws/agents/stream", |it| is_agent(it)),
    ("/ws/agents/stream?workspace_id=w1", |it| is_agent(it) && is(&it.workspace_id, "w1")),
    ("/ws/agents/stream?agent_id=a2,%20a1%20,", |it| is_agent(it) && is(&it.agent_id, "a1")),
    ("/ws/agents/stream?agent_id=a2", |_| false),
    ("/ws/agents/stream?workspace_id=w1&agent_id=a1", |it| {
        is_agent(it) && is(&it.workspace_id, "w1") && is(&it.agent_id, "a1")
    }),
    ("/ws/workflows/f1", |it| is(&it.workflow_id, "f1")),
    ("/ws/workflows/executions/e1", |it| is(&it.workflow_execution_id, "e1")),
    ("/ws/workflows/steps/s1", |it| is(&it.workflow_step_id, "s1")),
    ("/ws/workflows/stream", |it| matches!(it.event_type.family(), RunEventFamily::Workflow | RunEventFamily::Step)),
];

fn is<Id: std::fmt::Display>(id: &Option<Id>, text: &str) -> bool {
    id.as_ref().is_some_and(|id| id.to_string() == text)
}

fn is_agent(event: &RunEvent) -> bool {
    event.event_type.family() == RunEventFamily::Agent
}

/// Each kind with every combination of the seven ids.
fn every_event() -> Vec<RunEvent> {
    let mut kinds = RunEventKind::KNOWN.to_vec();
    kinds.push(RunEventKind::Other("a_kind_of_tomorrow".into()));
    let mut events = Vec::new();
    for kind in kinds {
        for bits in 0..128u32 {
            let has = |bit: u32| bits & (1 << bit) != 0;
            let mut event = RunEvent::new(kind.clone(), clock::now());
            event.workspace_id = has(0).then(|| "w1".parse().unwrap());
            event.agent_id = has(1).then(|| "a1".parse().unwrap());
            event.task_id = has(2).then(|| "t1".parse().unwrap());
            event.run_id = has(3).then(|| "r1".parse().unwrap());
            event.workflow_id = has(4).then(|| "f1".parse().unwrap());
            event.workflow_execution_id = has(5).then(|| "e1".parse().unwrap());
            event.workflow_step_id = has(6).then(|| "s1".parse().unwrap());
            events.push(event);
        }
    }
    events
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_stream_gets_exactly_its_copies() {
    let server = Server::start().await;
    let mut live = Vec::new();
    for (path, _) in ROWS {
        live.push(server.socket(path).await);
    }
    let mut canvas = server.socket("/ws?include=runs").await;
    let epoch = server.running.app.hub.epoch().to_string();
    let events = every_event();
    server.publish(events.iter().cloned().map(orrery_protocol::Event::Run).collect()).await;
    let expected = |rule: fn(&RunEvent) -> bool| -> Vec<u64> {
        (1..).zip(&events).filter(|(_, event)| rule(event)).map(|(seq, _)| seq).collect()
    };
    assert_eq!(canvas.seqs(events.len()).await, expected(|_| true));

    for (path, rule) in ROWS {
        let join = if path.contains('?') { '&' } else { '?' };
        let mut resumed = server.socket(&format!("{path}{join}since={epoch}:0")).await;
        assert_eq!(resumed.json().await["resumed"], true);
        let expected = expected(rule);
        assert_eq!(resumed.seqs(expected.len()).await, expected, "{path} resumed");
        live.push(resumed);
    }
    server.running.shutdown().await;
    for (at, mut client) in live.into_iter().enumerate() {
        let (path, rule) = ROWS[at % ROWS.len()];
        let (heard, _) = client.all().await;
        let heard: Vec<u64> = heard.iter().map(|event: &Value| event["seq"].as_u64().unwrap()).collect();
        let expected = if at < ROWS.len() { expected(rule) } else { Vec::new() };
        assert_eq!(heard, expected, "{path}");
    }
}
