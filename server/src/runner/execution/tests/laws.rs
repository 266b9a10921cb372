//! The order laws (see section 12.5 of docs/protocol.md) over random graphs with random failures, time-outs, retries, decisions and cancels.

use std::collections::{HashMap, HashSet};

use orrery_protocol::RunEventKind as Kind;
use proptest::prelude::*;

use super::*;
use crate::runner::definition::RunIf;

/// Kind, dependencies, retries, whether it has a time-out, condition, `run_if`.
type PlannedStep = (u8, Vec<prop::sample::Index>, u32, bool, u8, u8);

#[derive(Debug, Clone)]
struct Plan {
    steps: Vec<PlannedStep>,
    timeout: bool,
    choices: Vec<(u8, prop::sample::Index)>,
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let step =
        (0..6u8, prop::collection::vec(any::<prop::sample::Index>(), 0..3), 0..3u32, any::<bool>(), 0..12u8, 0..6u8);
    let choice = (0..100u8, any::<prop::sample::Index>());
    (prop::collection::vec(step, 1..9), prop::bool::weighted(0.2), prop::collection::vec(choice, 0..60))
        .prop_map(|(steps, timeout, choices)| Plan { steps, timeout, choices })
}

fn graph(plan: &Plan) -> Arc<Definition> {
    let step = |(at, (kind, after, retries, timeout, condition, run_if)): (usize, &PlannedStep)| {
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
        let run_if = match run_if {
            0 => "all_done",
            1 if !after.is_empty() => "any_succeeded",
            _ => "all_succeeded",
        };
        json!({ "name": format!("s{at}"), "step_type": kind, "run_if": run_if, "config": config, "depends_on_steps": after, "max_retries": retries,
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
            45..=64 => Input::Finished { step, attempt, outcome: Err("broke".to_owned().into()) },
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
                let planned = &definition.steps[step];
                let mut dependencies = planned.depends_on.iter().map(|it| last.get(it));
                prop_assert!(dependencies.clone().all(|kind| kind.is_some_and(done)), "{:?}", world.said());
                let is_completed = |kind: Option<&Kind>| kind == Some(&Kind::StepCompleted);
                let may_run = match planned.run_if {
                    RunIf::AllSucceeded => dependencies.all(is_completed),
                    RunIf::AllDone => true,
                    RunIf::AnySucceeded => dependencies.any(is_completed),
                };
                prop_assert!(may_run, "{:?}", world.said());
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
            let mut completed =
                planned.depends_on.iter().map(|&it| world.execution.state.steps[it].stage == Stage::Completed);
            let broken = match planned.run_if {
                RunIf::AllSucceeded => !completed.all(|it| it),
                RunIf::AllDone => false,
                RunIf::AnySucceeded => !completed.any(|it| it),
            };
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
        let mut started = HashSet::new();
        for effect in &world.effects {
            match effect {
                Effect::Run { step, attempt, .. } => prop_assert!(started.insert((*step, *attempt))),
                Effect::Stop { step, attempt } => prop_assert!(started.contains(&(*step, *attempt))),
            }
        }
    }
}
