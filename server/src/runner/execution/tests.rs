//! The transitions that a person would ask about, one by one. Never random ones (`laws`).

mod laws;

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
        self.input(Input::Finished { step, attempt, outcome: outcome.map_err(|reason| reason.to_owned().into()) })
            .unwrap();
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
