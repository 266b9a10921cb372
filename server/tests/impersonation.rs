//! Every id that an agent's token can write, against ids of others. A new field is one more line of `FIELDS`.

use orrery_protocol::{RunEvent, RunEventKind, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

use crate::credentials::{ADMIN, operate, routes, secured};
use crate::support::{Answer, Server};

/// A path and a body in which the word in angle brackets stands for an id of its kind. First the sender's own is put there,
/// which is accepted; then each that is somebody else's, which is refused and changes nothing. `<own>` is the sender.
const FIELDS: &[(&str, &str)] = &[
    ("/registry/register", r#"{"id":"<workspace>","url":"","agent_card":{"name":"x"}}"#),
    ("/registry/heartbeat", r#"{"workspace_id":"<workspace>","active_tasks":7}"#),
    ("/registry/update-card", r#"{"workspace_id":"<workspace>","agent_card":{"name":"y"}}"#),
    ("/registry/check-access", r#"{"caller_id":"<workspace>","target_id":"<own>"}"#),
    ("/workspaces/<workspace>/expand", r#"{"sub_workspaces":[{"name":"a"}]}"#),
    ("/workspaces/<workspace>/collapse", "{}"),
    ("/workspaces/<workspace>/activity", r#"{"activity_type":"a"}"#),
    ("/workspaces/<own>/activity", r#"{"activity_type":"a","source_id":"<workspace>"}"#),
    ("/workspaces/<own>/activity", r#"{"activity_type":"a2a_send","source_id":"<workspace>","target_id":"<own>"}"#),
    ("/workspaces/<own>/activity", r#"{"activity_type":"a2a_receive","source_id":"<workspace>"}"#),
    ("/api/events", r#"{"event_type":"progress","workspace_id":"<workspace>"}"#),
    ("/api/events", r#"{"event_type":"agent_status_changed","agent_id":"<agent>","data":{"status":"busy"}}"#),
    ("/api/events", r#"{"event_type":"failure","run_id":"<run>"}"#),
    ("/api/events", r#"{"event_type":"agent_message","run_id":"<run>"}"#),
    ("/api/events", r#"{"event_type":"progress","task_id":"<task>"}"#),
    ("/api/events", r#"{"event_type":"workflow_completed","workflow_execution_id":"<execution>"}"#),
    ("/api/events", r#"{"event_type":"agent_activity","workflow_execution_id":"<execution>"}"#),
    ("/api/events", r#"{"event_type":"workflow_started","workflow_id":"<workflow>"}"#),
    ("/api/events", r#"{"event_type":"step_failed","workflow_execution_id":"new","workflow_step_id":"<step>"}"#),
    (
        "/api/events",
        r#"{"event_type":"step_started","workflow_execution_id":"new","workflow_step_id":"new","data":{"workspace_id":"<workspace>"}}"#,
    ),
    (
        "/api/events",
        r#"{"event_type":"workflow_started","workflow_execution_id":"new","data":{"steps":[{"workflow_step_id":"new","workspace_id":"<workspace>"}]}}"#,
    ),
    (
        "/api/events",
        r#"{"event_type":"workflow_started","workflow_execution_id":"new","data":{"steps":[{"workflow_step_id":"<step>"}]}}"#,
    ),
];

/// What is replaced, the sender's own, and what is others'.
type Ids = Vec<(&'static str, String, Vec<String>)>;

async fn call(server: &Server, token: &str, method: Method, path: &str, body: &Value) -> Answer {
    Answer::of(server.request(method, path).bearer_auth(token).json(body)).await
}

/// A workspace with an agent in it: its id, its token and its agent's id.
async fn workspace(server: &Server, name: &str) -> (String, String, String) {
    let made = operate(server, Method::POST, "/workspaces", json!({ "name": name, "model": "m" })).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let row = operate(server, Method::GET, &format!("/workspaces/{}", text(&made["id"])), Value::Null).await;
    (text(&made["id"]), text(&made["auth_token"]), text(&row["agent"]["id"]))
}

fn story(whose: &str) -> Value {
    json!({ "event_type": "step_started", "run_id": format!("{whose}-run"), "task_id": format!("{whose}-task"),
        "workflow_id": format!("{whose}-workflow"), "workflow_execution_id": format!("{whose}-execution"),
        "workflow_step_id": format!("{whose}-step") })
}

/// An execution and a run of the server's own runner, waiting for an approval.
async fn own_executions(server: &Server, other: &str) -> [String; 5] {
    let steps = json!([{ "name": "ask", "step_type": "approval", "config": {}, "depends_on_steps": [] }]);
    let definition = json!({ "name": "W", "variables": [], "steps": steps });
    let definition = operate(server, Method::POST, "/api/workflows", definition).await;
    let workflow = definition["workflow_id"].as_str().unwrap();
    let execution = operate(server, Method::POST, &format!("/api/workflows/{workflow}/execute"), json!({})).await;
    let task = operate(server, Method::POST, "/api/tasks", json!({ "title": "T", "workspace_id": other })).await;
    let run = operate(server, Method::POST, "/api/runs", json!({ "task_id": task["task_id"] })).await;
    [&run["run_id"], &execution["execution_id"], &task["task_id"], &json!(workflow), &definition["steps"][0]["step_id"]]
        .map(|id| id.as_str().unwrap().to_owned())
}

async fn ids(server: &Server, own: &(String, String, String)) -> Ids {
    let (other, their_token, their_agent) = workspace(server, "Other").await;
    call(server, &their_token, Method::POST, "/api/events", &story("their")).await.ok();
    call(server, ADMIN, Method::POST, "/api/events", &story("operators")).await.ok();
    let ours = own_executions(server, &other).await;
    let kinds = ["run", "execution", "task", "workflow", "step"];
    let runs = kinds.iter().zip(ours).map(|(kind, ours)| {
        (*kind, format!("new-{kind}"), vec![format!("their-{kind}"), format!("operators-{kind}"), ours])
    });
    let workspaces = ("workspace", own.0.clone(), vec![other.clone(), "nobody".into()]);
    let agents = ("agent", own.2.clone(), vec![their_agent, other, "nobody".into()]);
    [workspaces, agents].into_iter().chain(runs).collect()
}

async fn state(server: &Server) -> (String, u64) {
    let answer = Answer::of(server.request(Method::GET, "/snapshot").bearer_auth(ADMIN)).await;
    let cursor = answer.headers["x-event-cursor"].to_str().unwrap().rsplit_once(':').unwrap().1.parse().unwrap();
    (answer.headers["x-state-hash"].to_str().unwrap().to_owned(), cursor)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_names_nothing_that_belongs_to_others() {
    let server = secured().await;
    let own = workspace(&server, "Own").await;
    let ids = ids(&server, &own).await;
    for (path, body) in FIELDS {
        let (kind, mine, others) = ids
            .iter()
            .find(|(kind, ..)| path.contains(&format!("<{kind}>")) || body.contains(&format!("<{kind}>")))
            .unwrap_or_else(|| panic!("{path} {body} names nothing"));
        let with = |id: &str| {
            let put = |text: &str| text.replace("<own>", &own.0).replace(&format!("<{kind}>"), id);
            (put(path), serde_json::from_str::<Value>(&put(body)).unwrap())
        };
        let (allowed, body) = with(mine);
        call(&server, &own.1, Method::POST, &allowed, &body).await.ok();
        let before = state(&server).await;
        for other in others {
            let (path, body) = with(other);
            let answer = call(&server, &own.1, Method::POST, &path, &body).await;
            assert!(matches!(answer.status, 403 | 404), "{path} {body}: {} {}", answer.status, answer.body);
            assert!(answer.body["error"].is_string());
            // One among others is refused alone.
            if path == "/api/events" {
                let request = server.request(Method::POST, &path).bearer_auth(&own.1);
                let request = request.header("content-type", "application/x-ndjson").body(body.to_string());
                assert_eq!(Answer::of(request).await.status, 403, "{body}");
            }
        }
        assert_eq!(state(&server).await, before, "{path} {body}");
    }
}

/// The table is complete: every other route that writes is the operators', and every id of an event has its line.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_and_field_that_an_agent_can_write_has_its_line() {
    let server = secured().await;
    let (own, token, _) = workspace(&server, "Own").await;
    let (team, ..) = workspace(&server, "Team").await;
    let stranger = json!({ "name": "Stranger", "parent_id": team });
    let stranger = operate(&server, Method::POST, "/workspaces", stranger).await["id"].as_str().unwrap().to_owned();
    let listed = |path: &str| {
        let shape = |path: &str| path.replace("<workspace>", "some").replace("<own>", "some");
        FIELDS.iter().any(|(field, _)| shape(field) == path)
    };
    for (method, path) in routes().iter().filter(|(method, path)| *method != "GET" && path != "/session") {
        if *method == "POST" && listed(path) {
            continue;
        }
        // An agent may call those that it can talk to.
        let of_whom = if path.ends_with("/a2a") { &stranger } else { &own };
        let path = path.replace("/some", &format!("/{of_whom}"));
        // What any of them needs, so that it is the credential that is refused.
        let body = json!({ "name": "x", "model": "m", "target_workspace_id": own, "x": 0, "y": 0, "zoom": 1, "title": "T",
            "task_id": "t", "ids": [], "approved": true, "variables": [], "steps": [], "positions": [] });
        let body = match path.rsplit('/').next() {
            Some("execute") => json!({}),
            Some("workflows") => json!({ "name": "x", "steps": [] }),
            Some("a2a") => json!({ "jsonrpc": "2.0", "id": 1, "method": "message/send" }),
            _ => body,
        };
        let answer = call(&server, &token, method.parse().unwrap(), &path, &body).await;
        assert_eq!(answer.status, 403, "{method} {path}: {}", answer.body);
    }
    let event = serde_json::to_value(RunEvent::new(RunEventKind::Progress, Timestamp::default())).unwrap();
    for key in event.as_object().unwrap().keys().filter(|key| key.ends_with("_id")) {
        let line = format!(r#""{key}":"<"#);
        assert!(FIELDS.iter().any(|(path, body)| *path == "/api/events" && body.contains(&line)), "{key}");
    }
}

#[tokio::test]
async fn an_agent_tells_of_what_it_began_and_operators_of_everything() {
    let server = secured().await;
    let ((own, token, agent), (other, other_token, _)) =
        (workspace(&server, "Own").await, workspace(&server, "Other").await);
    let event = |kind: &str| json!({ "event_type": kind, "run_id": "r", "agent_id": agent });
    let send = async |server: &Server, token: &str, event: Value| {
        call(server, token, Method::POST, "/api/events", &event).await
    };
    send(&server, &token, event("progress")).await.ok();
    // Without a workspace_id the sender's own is meant.
    let log = operate(&server, Method::GET, "/events", Value::Null).await;
    assert_eq!(log.as_array().unwrap().last().unwrap()["workspace_id"], own);
    send(&server, &other_token, json!({ "event_type": "failure", "run_id": "r" })).await.refused(403);
    let folder = server.stop().await;
    let server = Server::again(folder, |config| config.admin_token = Some(ADMIN.into())).await;
    // Who began a run is known after a restart, too.
    send(&server, &other_token, json!({ "event_type": "failure", "run_id": "r" })).await.refused(403);
    send(&server, &token, event("progress")).await.ok();
    send(&server, ADMIN, json!({ "event_type": "completion", "run_id": "r", "workspace_id": other })).await.ok();
    // One line of several: the others are taken.
    let lines = [r#"{"event_type":"progress","run_id":"r2"}"#, r#"{"event_type":"progress","workspace_id":"nobody"}"#];
    let request = server.request(Method::POST, "/api/events").bearer_auth(&token);
    let answer = Answer::of(request.header("content-type", "application/x-ndjson").body(lines.join("\n"))).await;
    assert_eq!(answer.status, 207);
    assert!(answer.body[0]["cursor"].is_string() && answer.body[1]["error"].is_string(), "{}", answer.body);
    // The documented message of the receiving end: who sent it is named.
    let received = json!({ "activity_type": "a2a_receive", "source_id": other, "target_id": own });
    call(&server, &token, Method::POST, &format!("/workspaces/{own}/activity"), &received).await.ok();
    let sent = json!({ "activity_type": "a2a_send", "source_id": own, "target_id": other });
    call(&server, &token, Method::POST, &format!("/workspaces/{own}/activity"), &sent).await.ok();
}

#[tokio::test]
async fn a_time_in_the_future_orders_nothing() {
    let server = secured().await;
    let (_, token, agent) = workspace(&server, "Own").await;
    let send = async |server: &Server, event: Value| {
        call(server, &token, Method::POST, "/api/events", &event).await.ok();
    };
    let status = |at: &str, status: &str| {
        json!({ "event_type": "agent_status_changed", "agent_id": agent, "timestamp": at,
            "data": { "status": status } })
    };
    let snapshot = async |server: &Server| operate(server, Method::GET, "/snapshot", Value::Null).await;
    let year = |value: &Value| value.as_str().unwrap()[..4].parse::<u32>().unwrap();
    send(&server, status("9999-12-31T23:59:59Z", "busy")).await;
    assert!(year(&snapshot(&server).await["agents"][0]["since"]) < 9000);
    // The last word of the log holds, also when its clock is behind.
    for (at, word) in
        [("2020-01-01T00:00:00Z", "idle"), ("2099-01-01T00:00:00Z", "busy"), ("2001-01-01T00:00:00Z", "idle")]
    {
        send(&server, status(at, word)).await;
        assert_eq!(snapshot(&server).await["agents"][0]["status"], word, "{at}");
    }
    let run = |kind: &str, at: &str| json!({ "event_type": kind, "run_id": "r", "timestamp": at });
    send(&server, run("progress", "9999-01-01T00:00:00Z")).await;
    send(&server, run("completion", "2020-01-01T00:00:00Z")).await;
    let state = snapshot(&server).await;
    assert_eq!(state["runs"][0]["status"], "completed");
    assert!(year(&state["runs"][0]["started_at"]) < 9000);
    // What is past is shown as it was sent.
    let past = json!("2020-01-01T00:00:00Z");
    assert_eq!(state["runs"][0]["completed_at"], past);
    let hash = async |server: &Server| {
        let answer = Answer::of(server.request(Method::GET, "/snapshot").bearer_auth(ADMIN)).await;
        answer.headers["x-state-hash"].clone()
    };
    let before = hash(&server).await;
    let server = Server::again(server.stop().await, |config| config.admin_token = Some(ADMIN.into())).await;
    assert_eq!(hash(&server).await, before, "the log adds up to the same");
}
