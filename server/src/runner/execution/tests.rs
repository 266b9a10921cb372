//! The order laws (wire §7) over random graphs with random failures, time-outs, retries, decisions and cancels; and the
//! transitions that a person would ask about, one by one.

use std::collections::HashMap;

use orrery_protocol::RunEventKind as Kind;
use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;

const START: i64 = 1_000_000;

fn definition(steps: Value, timeout: Option<f64>) -> Arc<Definition> {
    let workflow = json!({ "workflow_id": "wf", "name": "W", "steps": steps, "timeout_seconds": timeout });
    let mut workflow: orrery_protocol::Workflow = serde_json::from_value(workflow).unwrap();
    for (at, step) in workflow.steps.iter_mut().enumerate() {
        step.step_id = Some(format!("step-{at}").parse().unwrap());
    }
    Arc::new(Definition::check(workflow).unwrap())
}

/// An execution with a clock, what it said and what it asked for.
struct World {
    execution: Execution,
    now: i64,
    events: Vec<RunEvent>,
    effects: Vec<Effect>,
}

impl World {
    fn new(definition: Arc<Definition>, subject: Subject) -> Self {
        let variables = definition.variables(Map::from_iter([("yes".to_owned(), json!(true))])).unwrap();
        let (execution, advance) =
            Execution::begin(definition, "ex".parse().unwrap(), subject, variables, &setting(START));
        let Advance { events, effects } = advance;
        Self { execution, now: START, events, effects }
    }

    fn of(steps: Value) -> Self {
        Self::new(definition(steps, None), Subject::Workflow)
    }

    fn input(&mut self, input: Input) -> Result<(), Refusal> {
        let advance = self.execution.advance(input, &setting(self.now))?;
        self.events.extend(advance.events);
        self.effects.extend(advance.effects);
        Ok(())
    }

    fn finish(&mut self, step: usize, outcome: Result<Value, &str>) {
        let attempt = self.execution.state.steps[step].attempt;
        self.input(Input::Finished { step, attempt, outcome: outcome.map_err(str::to_owned) }).unwrap();
    }

    /// Jumps to the next thing that time brings.
    fn wait(&mut self) {
        self.now = self.execution.next_due().expect("something is due").millis().max(self.now);
        self.input(Input::Tick).unwrap();
    }

    fn said(&self) -> Vec<String> {
        let step =
            |event: &RunEvent| event.data.get("step_name").and_then(Value::as_str).map(|name| format!(" {name}"));
        self.events.iter().map(|event| format!("{}{}", event.event_type, step(event).unwrap_or_default())).collect()
    }

    fn last(&self, key: &str) -> &Value {
        &self.events.last().unwrap().data[key]
    }
}

fn setting(now: i64) -> Setting<'static> {
    Setting {
        now: Timestamp::from_millis(now),
        fitting: &|wanted| (wanted.role.as_deref() == Some("writer")).then(|| "ws-writer".parse().unwrap()),
    }
}

fn http(name: &str, after: &[&str]) -> Value {
    json!({ "name": name, "step_type": "http", "config": { "url": "http://x/${yes}" }, "depends_on_steps": after })
}

fn with(mut step: Value, more: Value) -> Value {
    step.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    step
}

#[test]
fn parallel_levels_run_together_and_outputs_flow_on() {
    let last = with(http("c", &["a", "b"]), json!({ "config": { "url": "http://x/${steps.a.output.id}" } }));
    let mut world = World::of(json!([http("a", &[]), http("b", &[]), last]));
    assert_eq!(world.said(), ["workflow_started", "step_started a", "step_started b"]);
    world.finish(1, Ok(json!(2)));
    world.finish(0, Ok(json!({ "id": 7 })));
    let Some(Effect::Run { job: Job::Http { url, .. }, .. }) = world.effects.last() else { panic!() };
    assert_eq!(url, "http://x/7");
    world.now += 1500;
    world.finish(2, Ok(Value::Null));
    assert_eq!(
        world.said()[3..],
        ["step_completed b", "step_completed a", "step_started c", "step_completed c", "workflow_completed"]
    );
    assert_eq!((world.last("completed_steps"), world.last("duration_seconds")), (&json!(3), &json!(1.5)));
    let started = &world.events[0].data;
    assert_eq!(
        (&started["step_count"], &started["workflow_name"], &started["input_variables"]),
        (&json!(3), &json!("W"), &json!({ "yes": true }))
    );
}

#[test]
fn a_failure_is_retried_with_growing_pauses_then_skips_what_waits_for_it() {
    let first = with(http("a", &[]), json!({ "max_retries": 2, "timeout_seconds": 5 }));
    let mut world = World::of(json!([first, http("b", &["a"]), http("c", &["b"])]));
    world.finish(0, Err("status 500"));
    assert_eq!(world.last("retry_in_seconds"), &json!(1.0));
    world.wait();
    assert_eq!(world.now, START + 1000);
    world.wait();
    assert_eq!((world.now, world.last("retry_in_seconds")), (START + 6000, &json!(2.0)));
    assert_eq!(world.effects.last(), Some(&Effect::Stop { step: 0, attempt: 2 }));
    world.finish(0, Ok(json!("too late")));
    world.wait();
    world.finish(0, Err("status 500"));
    assert_eq!(
        world.said(),
        [
            "workflow_started",
            "step_started a",
            "step_retrying a",
            "step_started a",
            "step_retrying a",
            "step_started a",
            "step_failed a",
            "step_skipped b",
            "step_skipped c",
            "workflow_failed"
        ]
    );
    assert_eq!(world.last("error_message"), "step `a` failed: status 500");
    assert_eq!(world.events[7].data["reason"], "it depends on `a`, which is failed");
    assert_eq!(world.events[8].data["reason"], "it depends on `b`, which is skipped");
}

#[test]
fn conditions_skip_and_their_errors_fail() {
    let wait = |name: &str, condition: &str| json!({ "name": name, "step_type": "wait", "config": { "seconds": 2 }, "condition_expression": condition });
    let check = json!({ "name": "check", "step_type": "condition", "condition_expression": "${yes}" });
    let mut world = World::of(json!([wait("no", "!${yes}"), check, wait("bad", "${unset}"), wait("yes", "true")]));
    assert_eq!(
        world.said()[1..],
        [
            "step_skipped no",
            "step_started check",
            "step_completed check",
            "step_started bad",
            "step_failed bad",
            "step_started yes"
        ]
    );
    world.wait();
    assert_eq!(world.last("error_message"), "step `bad` failed: condition_expression: the variable `unset` is not set");
    assert_eq!(world.now, START + 2000);
}

#[test]
fn an_approval_waits_for_a_person() {
    let ask = json!({ "name": "ask", "step_type": "approval", "config": { "title": "Ship ${yes}?" } });
    let decide = |approved: bool| Input::Decided { step: 0, approved, feedback: Some("looked at it".into()) };
    let mut world = World::of(json!([ask, http("go", &["ask"])]));
    assert_eq!(
        (world.said().last().unwrap().as_str(), world.last("title")),
        ("approval_required ask", &json!("Ship true?"))
    );
    assert_eq!(world.execution.next_due(), None);
    let early = world.input(Input::Decided { step: 1, approved: true, feedback: None }).unwrap_err();
    assert_eq!(early.to_string(), "the step `go` does not wait for an approval: it is pending");
    world.input(decide(true)).unwrap();
    assert_eq!(world.said()[3..], ["approved ask", "step_completed ask", "step_started go"]);
    assert!(world.input(decide(true)).is_err());

    let mut world = World::of(json!([with(http("x", &[]), json!({ "step_type": "approval" })), http("go", &["x"])]));
    world.input(decide(false)).unwrap();
    assert_eq!(world.said()[3..], ["rejected x", "step_failed x", "step_skipped go", "workflow_failed"]);
    assert_eq!(world.last("error_message"), "step `x` failed: rejected: looked at it");
}

#[test]
fn a_cancel_stops_what_runs_and_ends_it() {
    let mut world = World::of(json!([http("a", &[]), http("b", &["a"])]));
    world.input(Input::Cancelled { reason: Some("changed my mind".into()) }).unwrap();
    assert_eq!(world.effects.last(), Some(&Effect::Stop { step: 0, attempt: 1 }));
    assert_eq!(world.said()[2..], ["workflow_cancelled"]);
    assert_eq!((world.last("cancelled_steps"), world.execution.next_due()), (&json!(2), None));
    world.finish(0, Ok(Value::Null));
    world.input(Input::Tick).unwrap();
    assert_eq!(world.events.len(), 3);
    let again = world.input(Input::Cancelled { reason: None }).unwrap_err();
    assert_eq!(again.to_string(), "the execution is over: it is cancelled");
}

#[test]
fn the_whole_may_time_out() {
    let steps = json!([http("a", &[]), with(http("b", &[]), json!({ "step_type": "approval" })), http("c", &["a"])]);
    let mut world = World::new(definition(steps, Some(3.0)), Subject::Workflow);
    world.wait();
    assert_eq!(world.now, START + 3000);
    assert_eq!(world.said()[4..], ["step_failed a", "step_failed b", "step_skipped c", "workflow_failed"]);
    assert_eq!(world.last("error_message"), "the workflow timed out after 3 s");
}

#[test]
fn agents_are_chosen_when_the_step_starts_and_a_restart_is_a_failed_attempt() {
    let agent = |name: &str, role: &str, retries: u32| json!({ "name": name, "step_type": "agent", "config": { "message": "Write" }, "agent_requirements": { "role": role }, "max_retries": retries });
    let mut world = World::of(json!([agent("a", "writer", 1), agent("b", "nobody", 0), agent("c", "writer", 0)]));
    assert_eq!(world.events[1].workspace_id.as_ref().unwrap().as_str(), "ws-writer");
    assert_eq!(world.events[3].data["error_message"], "no online workspace meets the agent_requirements");
    let text = serde_json::to_string(&world.execution.state).unwrap();
    world.execution.state = serde_json::from_str(&text).unwrap();
    world.input(Input::Interrupted).unwrap();
    assert_eq!(world.said()[5..], ["step_retrying a", "step_failed c"]);
    world.wait();
    world.finish(0, Ok(Value::Null));
    assert_eq!(world.said().last().unwrap(), "workflow_failed");
}

#[test]
fn a_tasks_run_speaks_of_a_plan_and_progress() {
    let ask = json!({ "name": "approve", "step_type": "approval", "config": {} });
    let subject = Subject::Task { task_id: "t".parse().unwrap(), run_id: "r".parse().unwrap(), workspace_id: None };
    let mut world = World::new(definition(json!([ask, http("work", &["approve"])]), None), subject);
    world.input(Input::Decided { step: 0, approved: true, feedback: None }).unwrap();
    world.finish(1, Ok(json!("result")));
    let kinds: Vec<_> = world.events.iter().map(|event| event.event_type.as_str()).collect();
    assert_eq!(
        kinds,
        ["plan_ready", "progress", "approval_required", "approved", "progress", "progress", "progress", "completion"]
    );
    assert!(
        world
            .events
            .iter()
            .all(|event| event.run_id.is_some() && event.task_id.is_some() && event.workflow_id.is_none())
    );
    assert_eq!(world.last("output_data"), "result");
}

#[derive(Debug, Clone)]
struct Plan {
    steps: Vec<(u8, Vec<prop::sample::Index>, u32, bool, u8)>,
    timeout: bool,
    choices: Vec<(u8, prop::sample::Index)>,
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let step = (0..6u8, prop::collection::vec(any::<prop::sample::Index>(), 0..3), 0..3u32, any::<bool>(), 0..12u8);
    let choice = (0..100u8, any::<prop::sample::Index>());
    (prop::collection::vec(step, 1..9), prop::bool::weighted(0.2), prop::collection::vec(choice, 0..60))
        .prop_map(|(steps, timeout, choices)| Plan { steps, timeout, choices })
}

fn graph(plan: &Plan) -> Arc<Definition> {
    let step = |(at, (kind, after, retries, timeout, condition)): (
        usize,
        &(u8, Vec<prop::sample::Index>, u32, bool, u8),
    )| {
        // Only on earlier steps: no circle; listed backwards, so that the list's order is not the graph's.
        let after: Vec<String> = after.iter().filter(|_| at > 0).map(|index| format!("s{}", index.index(at))).collect();
        let (kind, config) = match kind {
            0 | 1 => ("http", json!({ "url": "http://x" })),
            2 => ("agent", json!({ "message": "m" })),
            3 => ("wait", json!({ "seconds": 3 })),
            4 => ("approval", json!({})),
            _ => ("condition", json!({})),
        };
        let condition = match condition {
            0 => Some("${unset}"),
            1 | 2 => Some("!${yes}"),
            _ if kind == "condition" => Some("${yes}"),
            _ => None,
        };
        json!({ "name": format!("s{at}"), "step_type": kind, "config": config, "depends_on_steps": after, "max_retries": retries,
                "timeout_seconds": timeout.then_some(2), "condition_expression": condition, "workspace_id": "ws" })
    };
    let mut steps: Vec<Value> = plan.steps.iter().enumerate().map(step).collect();
    steps.reverse();
    definition(steps.into(), plan.timeout.then_some(7.0))
}

fn play(plan: &Plan) -> World {
    let mut world = World::new(graph(plan), Subject::Workflow);
    for (choice, index) in &plan.choices {
        let step = index.index(world.execution.state.steps.len());
        let attempt = world.execution.state.steps[step].attempt;
        let input = match choice {
            0..=44 => Input::Finished { step, attempt, outcome: Ok(json!(attempt)) },
            45..=64 => Input::Finished { step, attempt, outcome: Err("broke".into()) },
            65..=68 => Input::Finished { step, attempt: attempt.saturating_sub(1), outcome: Ok(Value::Null) },
            69..=78 => Input::Decided { step, approved: choice % 3 > 0, feedback: None },
            79..=81 => Input::Interrupted,
            82..=83 => Input::Cancelled { reason: None },
            _ => {
                world.now = world.execution.next_due().map_or(world.now, |due| due.millis().max(world.now));
                Input::Tick
            }
        };
        // A refusal changes nothing: checked here, for every one.
        let before = world.execution.clone();
        if world.input(input).is_err() {
            assert_eq!(before, world.execution);
        }
        let text = serde_json::to_string(&world.execution.state).unwrap();
        world.execution.state = serde_json::from_str(&text).unwrap();
    }
    // Whatever is left comes to its end.
    for _ in 0..1000 {
        let running = |step: &StepState| matches!(step.stage, Stage::Running { .. });
        let waiting = |step: &StepState| matches!(step.stage, Stage::WaitingApproval { .. });
        if world.execution.is_over() {
            break;
        } else if let Some(step) = world.execution.state.steps.iter().position(running) {
            world.finish(step, Ok(Value::Null));
        } else if let Some(step) = world.execution.state.steps.iter().position(waiting) {
            world.input(Input::Decided { step, approved: true, feedback: None }).unwrap();
        } else {
            world.wait();
        }
    }
    world
}

proptest! {
    #[test]
    fn the_order_laws_hold(plan in any_plan()) {
        let world = play(&plan);
        prop_assert!(world.execution.is_over(), "it never ended");
        let terminal = [Kind::WorkflowCompleted, Kind::WorkflowFailed, Kind::WorkflowCancelled];
        let definition = &world.execution.definition;
        prop_assert_eq!(&world.events[0].event_type, &Kind::WorkflowStarted);
        let ends = world.events.iter().filter(|event| terminal.contains(&event.event_type)).count();
        prop_assert!(ends == 1 && terminal.contains(&world.events.last().unwrap().event_type), "one end, the last: {:?}", world.said());

        let mut last: HashMap<usize, Kind> = HashMap::new();
        for event in &world.events {
            let Some(id) = &event.workflow_step_id else { continue };
            let step: usize = id.as_str()[5..].parse().unwrap();
            let done = |kind: &Kind| matches!(kind, Kind::StepCompleted | Kind::StepFailed | Kind::StepSkipped);
            prop_assert!(!last.get(&step).is_some_and(done), "nothing of a step after its end: {:?}", world.said());
            if event.event_type == Kind::StepStarted {
                for dependency in &definition.steps[step].depends_on {
                    prop_assert_eq!(last.get(dependency), Some(&Kind::StepCompleted), "{:?}", world.said());
                }
                prop_assert!(event.data["attempt"].as_u64().unwrap() <= u64::from(definition.steps[step].max_retries) + 1);
            }
            if !matches!(event.event_type, Kind::ApprovalRequired | Kind::Approved | Kind::Rejected) {
                last.insert(step, event.event_type.clone());
            }
        }

        let end = world.events.last().unwrap();
        let count = |key: &str| end.data[key].as_u64().unwrap() as usize;
        let of = |kind: Kind| last.values().filter(|it| **it == kind).count();
        prop_assert_eq!(count("step_count"), definition.steps.len());
        prop_assert_eq!(count("completed_steps"), of(Kind::StepCompleted));
        prop_assert_eq!(count("failed_steps"), of(Kind::StepFailed));
        prop_assert_eq!(count("skipped_steps"), of(Kind::StepSkipped));
        prop_assert_eq!(
            count("completed_steps") + count("failed_steps") + count("skipped_steps") + count("cancelled_steps"),
            count("step_count")
        );
        match end.event_type {
            Kind::WorkflowCompleted => prop_assert!(count("failed_steps") == 0 && count("cancelled_steps") == 0),
            Kind::WorkflowFailed => prop_assert!(count("failed_steps") + count("skipped_steps") > 0 && count("cancelled_steps") == 0),
            _ => {}
        }
        for (step, planned) in definition.steps.iter().enumerate() {
            let broken = planned.depends_on.iter().any(|&it| world.execution.state.steps[it].stage != Stage::Completed);
            let stage = world.execution.state.steps[step].stage;
            prop_assert!(!broken || matches!(stage, Stage::Skipped | Stage::Cancelled), "{step} {stage:?}");
        }
        let record = world.execution.record();
        prop_assert_eq!(record.steps.iter().filter(|step| !step.status.is_terminal()).count(), 0);
    }

    /// Each effect is started once an attempt, and stopped when its attempt ends by time, cancel or the whole's end.
    #[test]
    fn nothing_is_left_running(plan in any_plan()) {
        let world = play(&plan);
        let mut started = std::collections::HashSet::new();
        for effect in &world.effects {
            match effect {
                Effect::Run { step, attempt, .. } => prop_assert!(started.insert((*step, *attempt))),
                Effect::Stop { step, attempt } => prop_assert!(started.contains(&(*step, *attempt))),
            }
        }
    }
}
