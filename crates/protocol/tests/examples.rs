//! Reads and writes the example of each kind of message, and the spellings and errors around them.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, fs, path::Path};

use orrery_protocol::event::DecodeError;
use orrery_protocol::run_event::RunEventFamily;
use orrery_protocol::{Channel, Event, EventEnvelope, Frame, RunEventKind, WorkspaceChange, WorkspaceEventKind};
use serde_json::{Value, json};

fn examples() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.file_stem().unwrap().to_str().unwrap().into(), fs::read_to_string(path).unwrap())).collect()
}

fn read(name: &str) -> EventEnvelope {
    EventEnvelope::read(&examples()[name]).unwrap()
}

fn workspace_event(kind: &str, payload: Value) -> Result<WorkspaceChange, DecodeError> {
    let text = json!({"event": kind, "workspace_id": "w", "timestamp": "2026-03-30T12:00:00Z", "payload": payload});
    match EventEnvelope::read(&text.to_string())?.event {
        Event::Workspace(event) => Ok(event.change),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_kind_has_an_example_that_is_read_as_that_kind() {
    for kind in WorkspaceEventKind::ALL {
        match read(kind.as_str()).event {
            Event::Workspace(event) => assert_eq!(event.change.kind(), *kind),
            other => panic!("{kind}: {other:?}"),
        }
    }
    for kind in RunEventKind::KNOWN {
        match read(kind.as_str()).event {
            Event::Run(event) => assert_eq!(event.event_type, *kind),
            other => panic!("{kind}: {other:?}"),
        }
    }
    for message in ["hello", "heartbeat", "subscribed", "error"] {
        assert!(matches!(Frame::read(&examples()[message]), Ok(Frame::Message(_))), "{message}");
    }
}

#[test]
fn written_events_have_all_fields_that_were_read() {
    for (name, text) in examples() {
        let Ok(Frame::Event(envelope)) = Frame::read(&text) else { continue };
        let (expected, written): (Value, Value) =
            (serde_json::from_str(&text).unwrap(), serde_json::from_str(&envelope.to_json()).unwrap());
        for (key, value) in expected.as_object().unwrap().iter().filter(|(key, _)| *key != "payload") {
            assert_eq!(&written[key], value, "{name}: {key}");
        }
        for (key, value) in expected["payload"].as_object().into_iter().flatten() {
            assert_eq!(&written["payload"][key], value, "{name}: payload.{key}");
        }
        assert_eq!(EventEnvelope::read(&envelope.to_json()).unwrap(), *envelope, "{name}");
    }
}

#[test]
fn seq_is_written_beside_the_keys_of_the_family() {
    let mut envelope = read("WORKSPACE_OFFLINE");
    envelope.seq = Some(7);
    let written: Value = serde_json::from_str(&envelope.to_json()).unwrap();
    let example: Value = serde_json::from_str(&examples()["WORKSPACE_OFFLINE"]).unwrap();
    let mut expected = example.as_object().unwrap().clone();
    expected.insert("seq".into(), 7.into());
    assert_eq!(written, Value::Object(expected));
}

#[test]
fn run_events_are_written_with_every_key() {
    let text = r#"{"event_type":"progress","timestamp":"2025-01-01T00:00:00"}"#;
    let written: Value = serde_json::from_str(&EventEnvelope::read(text).unwrap().to_json()).unwrap();
    let nulls = ["workspace_id", "agent_id", "task_id", "run_id", "workflow_id", "workflow_execution_id"];
    nulls.iter().chain(&["workflow_step_id", "message"]).for_each(|key| assert!(written[*key].is_null(), "{key}"));
    assert_eq!(written["data"], json!({}));
    assert_eq!(written["timestamp"], "2025-01-01T00:00:00Z");
    assert!(written.as_object().unwrap().contains_key("message"));
}

#[test]
fn both_spellings_are_read() {
    for (kind, one, other) in [
        ("WORKSPACE_PROVISION_FAILED", json!({"reason": "r"}), json!({"error": "r"})),
        ("WORKSPACE_PROVISION_FAILED", json!({"reason": "r", "error": "r"}), json!({"error": "r"})),
        ("AGENT_REPLACED", json!({"new_model": "m"}), json!({"model": "m"})),
        ("WORKSPACE_EXPANDED", json!({"sub_workspace_ids": ["a"]}), json!({"children": [{"id": "a"}]})),
        ("WORKSPACE_REMOVED", json!({}), json!({"forwarded_to": null, "cascade_deleted": 3})),
        ("WORKSPACE_ONLINE", json!({}), json!({"url": "", "agent_card": null})),
        ("TASK_UPDATED", json!({"current_task": null, "active_tasks": 0}), json!({"current_task": ""})),
        ("WORKSPACE_PROVISIONING", json!({"name": "n", "tier": 1}), json!({"name": "n", "parent_id": ""})),
        ("ACTIVITY_LOGGED", json!({}), json!({"source_id": "", "summary": null})),
        (
            "AGENT_MOVED",
            json!({"agent_id": "a", "from_workspace_id": "w", "to_workspace_id": "v"}),
            json!({"agent_id": "a", "target_workspace_id": "v"}),
        ),
        (
            "AGENT_MOVED",
            json!({"agent_id": "a", "from_workspace_id": "v", "to_workspace_id": "w"}),
            json!({"agent_id": "a", "source_workspace_id": "v"}),
        ),
    ] {
        assert_eq!(workspace_event(kind, one).unwrap(), workspace_event(kind, other).unwrap(), "{kind}");
    }
    let collapsed = workspace_event("WORKSPACE_COLLAPSED", json!({"removed_children": ["QA"]})).unwrap();
    assert_eq!(collapsed, WorkspaceChange::Collapsed { removed: vec![], removed_names: vec!["QA".into()] });
}

#[test]
fn both_spellings_are_written() {
    let failed = read("WORKSPACE_PROVISION_FAILED").to_json();
    let failed: Value = serde_json::from_str(&failed).unwrap();
    assert_eq!(failed["payload"]["error"], failed["payload"]["reason"]);
    let replaced: Value = serde_json::from_str(&read("AGENT_REPLACED").to_json()).unwrap();
    assert_eq!(replaced["payload"]["model"], "openai:gpt-4o");
    let expanded: Value = serde_json::from_str(&read("WORKSPACE_EXPANDED").to_json()).unwrap();
    assert_eq!(expanded["payload"]["children"][0]["id"], "ws-frontend-001");
}

#[test]
fn unknown_kinds_are_read_with_their_payload() {
    let text = r#"{"event":"WORKSPACE_PAINTED","workspace_id":"w","timestamp":"x","payload":{"colour":"red"},"seq":9}"#;
    let envelope = EventEnvelope::read(text).unwrap();
    assert_eq!(envelope.seq, Some(9));
    let Event::Unknown(event) = envelope.event else { panic!("not unknown") };
    assert_eq!((event.kind.as_str(), &event.payload["colour"]), ("WORKSPACE_PAINTED", &json!("red")));
    let Event::Run(event) = read("index_rebuilt").event else { panic!("not a run event") };
    assert_eq!(event.event_type.family(), RunEventFamily::Other);
}

#[test]
fn errors_name_the_kind_the_seq_and_the_field() {
    for (text, kind, seq, words) in [
        (
            r#"{"event":"WORKSPACE_DEGRADED","workspace_id":"w","timestamp":"2026-03-30T12:00:00Z","payload":{"error_rate":"high"},"seq":3}"#,
            "WORKSPACE_DEGRADED",
            Some(3),
            "payload.error_rate: invalid type: string \"high\", expected f64",
        ),
        (
            r#"{"event":"WORKSPACE_ONLINE","timestamp":"2026-03-30T12:00:00Z","payload":{}}"#,
            "WORKSPACE_ONLINE",
            None,
            "missing field `workspace_id`",
        ),
        (
            r#"{"event":"WORKSPACE_ONLINE","workspace_id":"a\nb","timestamp":"2026-03-30T12:00:00Z"}"#,
            "WORKSPACE_ONLINE",
            None,
            "workspace_id: an id has 1 to 256 bytes",
        ),
        (
            r#"{"event":"WORKSPACE_ONLINE","workspace_id":"w","timestamp":"noon"}"#,
            "WORKSPACE_ONLINE",
            None,
            "timestamp: a timestamp is written like",
        ),
        (
            r#"{"event":"AGENT_REPLACED","workspace_id":"w","timestamp":"2026-03-30T12:00:00Z","payload":{}}"#,
            "AGENT_REPLACED",
            None,
            "payload: missing field `new_model`",
        ),
        (
            r#"{"event_type":"progress","timestamp":"2026-03-30T12:00:00Z","data":7,"seq":4}"#,
            "progress",
            Some(4),
            "data: invalid type: integer `7`, expected a map",
        ),
        (
            r#"{"event":"WORKSPACE_OFFLINE","workspace_id":"w","timestamp":"2026-03-30T12:00:00Z","seq":-1}"#,
            "WORKSPACE_OFFLINE",
            None,
            "seq: ",
        ),
        (r#"{"hello":1}"#, "message", None, "neither `event` nor `event_type`"),
        ("7", "message", None, "invalid type: integer `7`, expected a JSON object"),
        ("{", "message", None, "EOF while parsing"),
        (r#"{"type":"hello"}"#, "message", None, "missing field `epoch`"),
        (r#"{"type":"news"}"#, "message", None, "type: `news` is not a message"),
    ] {
        let error = Frame::read(text).unwrap_err();
        assert_eq!((error.kind.as_str(), error.seq), (kind, seq), "{text}");
        assert!(error.reason.contains(words), "{text}: {}", error.reason);
    }
}

#[test]
fn an_unreadable_event_does_not_affect_the_rest_of_its_batch() {
    let valid = &examples()["WORKSPACE_OFFLINE"];
    let Ok(Frame::Batch(events)) = Frame::read(&format!("[{valid},{{}},{valid}]")) else { panic!("not a batch") };
    assert_eq!(events.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
}

#[test]
fn channels_follow_from_kind_and_ids() {
    for (name, expected) in [
        ("progress", "all task:task-1 run:run-1"),
        ("workflow_started", "all workflows workflow:wf-1 workflow-run:exec-1"),
        ("step_failed", "all workflows workflow:wf-1 workflow-run:exec-1 workflow-step:step-2"),
        ("agent_message", "all agents agent:agent-xyz-789"),
        ("index_rebuilt", "all"),
    ] {
        let Event::Run(event) = read(name).event else { panic!("{name}") };
        let channels = Channel::of(&event);
        assert_eq!(channels.iter().map(Channel::to_string).collect::<Vec<_>>().join(" "), expected, "{name}");
        channels.iter().for_each(|channel| assert_eq!(channel.to_string().parse().as_ref(), Ok(channel)));
    }
    assert!("task:".parse::<Channel>().is_err() && "nonsense".parse::<Channel>().is_err());
}

#[test]
fn semantic_names_follow_from_the_status_of_the_agent() {
    for (status, name) in [("busy", Some("agent:assigned")), ("error", Some("agent:failed")), ("idle", None)] {
        let text = format!(
            r#"{{"event_type":"agent_status_changed","timestamp":"2026-03-30T12:00:00Z","data":{{"status":"{status}"}}}}"#
        );
        let Event::Run(event) = EventEnvelope::read(&text).unwrap().event else { panic!("{text}") };
        assert_eq!(event.semantic(), name);
    }
}
