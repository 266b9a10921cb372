//! Computes the state hash a second time from the JSON of the records, by section 6.4 of docs/protocol.md alone.
#![allow(clippy::unwrap_used)]

use orrery_model::{Canvas, Changes};
use orrery_protocol::{EventEnvelope, Timestamp};
use serde_json::{Value, json};

struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn number(&mut self, number: u64) {
        self.bytes(&number.to_le_bytes());
    }

    fn none(&mut self) {
        self.number(u64::MAX);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes(text.as_bytes());
    }

    /// Adds the fields of a record in order. The letter before each name is its type.
    fn fields(&mut self, record: &Value, fields: &str) {
        for field in fields.split_whitespace() {
            let (kind, name) = field.split_once(':').unwrap();
            let value = &record[name];
            match kind {
                // An optional text that is written as "" if there is none.
                "e" if value == "" => self.none(),
                _ if value.is_null() => self.none(),
                "t" | "e" => self.text(value.as_str().unwrap()),
                "n" => self.number(value.as_u64().unwrap()),
                "b" => self.number(value.as_bool().unwrap().into()),
                "f" => self.number(value.as_f64().unwrap().to_bits()),
                "m" => self.number(value.as_str().unwrap().parse::<Timestamp>().unwrap().millis() as u64),
                "c" => self.text(&canonical(value)),
                other => panic!("{other}"),
            }
        }
    }

    fn digest(self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed ^ (mixed >> 33)
    }
}

fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_by_key(|key| key.as_bytes());
            let fields = keys.into_iter().map(|key| format!("{}:{}", json!(key), canonical(&map[key])));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

fn workspace(row: &Value) -> u64 {
    let mut fnv = Fnv::new();
    fnv.fields(row, "t:id t:name t:role n:tier t:status t:parent_id e:url c:agent_card");
    match row["agent"].is_null() {
        true => fnv.none(),
        false => fnv.text(row["agent"]["id"].as_str().unwrap_or_default()),
    }
    fnv.fields(&row["agent"], "t:model");
    fnv.fields(
        row,
        "e:current_task n:active_tasks f:last_error_rate e:last_sample_error t:runtime f:x f:y b:pinned b:collapsed",
    );
    fnv.fields(row, "m:updated_at m:status_since e:failure");
    fnv.digest()
}

fn execution(record: &Value) -> u64 {
    let mut fnv = Fnv::new();
    fnv.text("execution");
    fnv.fields(record, "t:execution_id t:workflow_id t:workflow_name t:status m:started_at m:completed_at");
    fnv.fields(
        record,
        "f:duration_seconds t:error_message n:step_count n:completed_steps n:failed_steps n:skipped_steps",
    );
    for step in record["steps"].as_array().unwrap() {
        fnv.fields(step, "t:step_id t:step_name t:step_type n:step_order");
        step["depends_on_steps"].as_array().unwrap().iter().for_each(|name| fnv.text(name.as_str().unwrap()));
        fnv.fields(
            step,
            "t:status n:attempt t:workspace_id m:started_at m:completed_at f:duration_seconds t:error_message",
        );
    }
    fnv.digest()
}

fn other(kind: &str, record: &Value, fields: &str) -> u64 {
    let mut fnv = Fnv::new();
    fnv.text(kind);
    fnv.fields(record, fields);
    fnv.digest()
}

/// Computes the hash of the records as a snapshot writes them.
fn hash_of_records(canvas: &Canvas) -> u64 {
    let runs = canvas.runs();
    let run = "t:run_id t:task_id t:workspace_id t:status t:message m:started_at m:completed_at t:error_message";
    let workspaces = canvas.iter().map(|(_, row)| workspace(&json!(row)));
    let executions = runs.executions().map(|it| execution(&json!(it)));
    let others = runs.runs().map(|it| other("run", &json!(it), run));
    let agents =
        runs.agents().map(|it| other("agent", &json!(it), "t:agent_id t:workspace_id t:status m:since t:error"));
    workspaces.chain(executions).chain(others).chain(agents).fold(0, u64::wrapping_add)
}

fn event(kind: &str, id: &str, payload: Value) -> Value {
    json!({ "event": kind, "workspace_id": id, "timestamp": "2026-03-30T12:00:00.25Z", "payload": payload })
}

fn run_event(kind: &str, ids: Value, data: Value) -> Value {
    let mut event = json!({ "event_type": kind, "timestamp": "1969-12-31T23:59:59.5Z", "data": data, "message": kind });
    event.as_object_mut().unwrap().extend(ids.as_object().unwrap().clone());
    event
}

#[test]
fn hash_is_the_one_that_the_protocol_describes() {
    let card = json!({ "name": "Zoë \"Z\"\n\u{1}", "version": 1, "ratio": 0.1, "skills": [{ "id": "b", "a": null }, true], "A": {} });
    let step =
        json!({ "workflow_execution_id": "e", "workflow_id": "w", "workflow_step_id": "s", "workspace_id": "a" });
    let planned = json!([{ "workflow_step_id": "s2", "step_name": "two", "step_type": "http", "step_order": 2, "depends_on_steps": ["one", "é"] }]);
    let events = [
        event(
            "WORKSPACE_PROVISIONING",
            "a",
            json!({ "name": "A", "tier": 3, "role": "r", "x": -0.5, "y": 1e6, "runtime": "rust" }),
        ),
        event("WORKSPACE_PROVISIONING", "b", json!({ "name": "", "tier": 1, "parent_id": "a" })),
        event("WORKSPACE_PROVISIONING", "c", json!({ "name": "C", "parent_id": "nowhere" })),
        event("WORKSPACE_ONLINE", "a", json!({ "url": "http://a", "agent_card": card })),
        event("AGENT_ASSIGNED", "a", json!({ "agent_id": "agent", "model": "m" })),
        event("AGENT_REPLACED", "b", json!({ "model": "without an id" })),
        event("WORKSPACE_DEGRADED", "a", json!({ "error_rate": 0.875, "sample_error": "too many" })),
        event("TASK_UPDATED", "a", json!({ "current_task": "reading", "active_tasks": 2 })),
        event("WORKSPACE_PROVISION_FAILED", "c", json!({ "reason": "never came" })),
        event("WORKSPACE_UPDATED", "b", json!({ "collapsed": true, "pinned": true })),
        run_event(
            "workflow_started",
            json!({ "workflow_execution_id": "e" }),
            json!({ "workflow_name": "W", "steps": planned }),
        ),
        run_event("step_started", step.clone(), json!({ "step_name": "one", "attempt": 2 })),
        run_event("step_failed", step, json!({ "attempt": 2, "error_message": "no", "duration_seconds": 0.25 })),
        run_event("progress", json!({ "run_id": "r", "task_id": "t" }), json!({})),
        run_event("failure", json!({ "run_id": "r", "workspace_id": "b" }), json!({ "error": "no" })),
        run_event("agent_status_changed", json!({ "agent_id": "agent" }), json!({ "status": "error", "error": "no" })),
    ];
    let mut canvas = Canvas::new();
    assert_eq!(hash_of_records(&canvas), canvas.hash());
    for event in events {
        let before = canvas.hash();
        let envelope = EventEnvelope::read(&event.to_string()).unwrap();
        canvas.fold(&envelope.event, &mut Changes::default());
        assert_ne!(canvas.hash(), before, "{event} changes nothing");
        assert_eq!(hash_of_records(&canvas), canvas.hash(), "after {event}");
    }
    assert_eq!((canvas.len(), canvas.runs().executions().count(), canvas.runs().runs().count()), (3, 1, 1));
}
