//! Every way in for JSON, by depth and by size, with a restart after each round: the server always starts, and all that
//! it keeps can be read.

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Server};

/// A small generator, so that a failing run can be run again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// Lists and objects in any order, so deep, with a text or number inside.
fn nested(depth: usize, inner: &str, dice: &mut Dice) -> String {
    let (mut open, mut close) = (String::new(), String::new());
    for _ in 0..depth {
        let is_list = dice.roll(2) == 0;
        open.push_str(if is_list { "[" } else { r#"{"a":"# });
        close.insert(0, if is_list { ']' } else { '}' });
    }
    open + inner + &close
}

struct Way {
    method: Method,
    path: String,
    /// `@` stands for the value.
    body: String,
    /// How deep the value lies in it.
    outside: usize,
    is_ndjson: bool,
}

fn ways(id: &str, workflow: &str) -> Vec<Way> {
    let way = |method: Method, path: &str, body: &str| Way {
        method,
        path: path.into(),
        body: body.replace("ID", id),
        outside: body[..body.find('@').unwrap()].matches(['[', '{']).count()
            - body[..body.find('@').unwrap()].matches([']', '}']).count(),
        is_ndjson: false,
    };
    let post = |path: &str, body: &str| way(Method::POST, path, body);
    let at = |rest: &str| format!("/workspaces/{id}{rest}");
    vec![
        post("/workspaces", r#"{"name":"n","config":@}"#),
        post("/workspaces", r#"{"name":"n","ignored":[@]}"#),
        way(Method::PATCH, &at(""), r#"{"name":"n","ignored":@}"#),
        post(&at("/expand"), r#"{"sub_workspaces":[{"name":"n","config":@}]}"#),
        post(&at("/activity"), r#"{"activity_type":"a","request_body":@}"#),
        post(&at("/activity"), r#"{"activity_type":"a","response_body":{"b":[@]},"error_detail":"e"}"#),
        post(&at("/agent"), r#"{"model":"m","ignored":@}"#),
        post(&at("/restart"), r#"{"ignored":@}"#),
        post("/registry/register", r#"{"id":"ID","url":"","agent_card":{"name":"n","x":@}}"#),
        post("/registry/update-card", r#"{"workspace_id":"ID","agent_card":{"skills":[{"name":"n","x":@}]}}"#),
        post("/registry/check-access", r#"{"caller_id":"ID","target_id":"ID","ignored":@}"#),
        post("/registry/heard", r#"{"ids":[],"ignored":@}"#),
        way(Method::PUT, "/canvas/viewport", r#"{"x":1,"y":1,"zoom":1,"ignored":@}"#),
        way(Method::PUT, "/canvas/positions", r#"{"positions":[],"ignored":@}"#),
        post("/canvas/tidy", r#"{"ignored":@}"#),
        post("/session", r#"{"token":"t","ignored":@}"#),
        post("/api/events", r#"{"event_type":"progress","run_id":"r","data":{"x":@}}"#),
        Way {
            is_ndjson: true,
            ..post(
                "/api/events",
                r#"{"event_type":"step_completed","workflow_execution_id":"x","workflow_step_id":"s","data":{"output_data":@}}"#,
            )
        },
        post(
            "/api/workflows",
            r#"{"name":"w","variables":[{"name":"v","default":@}],"steps":[{"name":"s","step_type":"wait","config":{"seconds":0.001,"x":1}}]}"#,
        ),
        post(
            "/api/workflows",
            r#"{"name":"w","steps":[{"name":"s","step_type":"wait","config":{"seconds":0.001,"x":@}}]}"#,
        ),
        post(&format!("/api/workflows/{workflow}/execute"), r#"{"input_variables":{"v":@}}"#),
        post("/api/tasks", r#"{"title":"t","workspace_id":"ID","ignored":@}"#),
    ]
}

async fn send(server: &Server, way: &Way, value: &str) -> Answer {
    let request = server.request(way.method.clone(), &way.path).body(way.body.replace('@', value));
    let kind = if way.is_ndjson { "application/x-ndjson" } else { "application/json" };
    Answer::of(request.header("content-type", kind)).await
}

async fn workflow(server: &Server) -> String {
    let steps = json!([{ "name": "s", "step_type": "wait", "config": { "seconds": 0.001 } }]);
    let made = server.post("/api/workflows", json!({ "name": "w", "steps": steps })).await.ok();
    made["workflow_id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn depth_is_limited_at_every_way_in_and_the_server_always_starts_again() {
    let mut server = Server::start().await;
    let mut dice = Dice(64);
    let mut rounds = vec![vec![1, 2, 30, 60, 61, 62, 63, 64, 65, 66], vec![100, 126, 127, 128, 129, 200]];
    rounds.extend((0..2).map(|_| (0..4).map(|_| 1 + dice.roll(200)).collect()));
    for depths in rounds {
        let (id, workflow) = (server.named("A").await, workflow(&server).await);
        for way in ways(&id, &workflow) {
            for depth in &depths {
                let inner = ["1", "null", r#""\ud83d[[[""#, r#""\u0000""#, "-1.5e300"][dice.roll(5)];
                let answer = send(&server, &way, &nested(*depth, inner, &mut dice)).await;
                let is_too_deep = way.outside + depth > 64;
                let words = answer.body.to_string();
                assert_eq!(words.contains("64 levels"), is_too_deep, "{} {depth}: {words}", way.path);
                assert!(answer.status < 500 && (!is_too_deep || answer.status == 400), "{} {depth}: {words}", way.path);
            }
        }
        server.beat(&id).await.ok();
        server = Server::again(server.stop().await, |_| {}).await;
        server.assert_all_reads_answer().await;
        assert_eq!(server.row(&id).await["status"], "online", "the writer went on");
    }
    assert_eq!(server.metric("orrery_panics_total").await, 0.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn size_is_limited_at_every_way_in_and_the_server_always_starts_again() {
    const LIMIT: usize = 256 * 1024;
    let mut server = Server::start().await;
    for (length, is_kept) in [(LIMIT - 1, true), (LIMIT, true), (LIMIT + 1, false), (4 * LIMIT, false)] {
        let (id, workflow) = (server.named("A").await, workflow(&server).await);
        for way in ways(&id, &workflow) {
            let around = way.body.len() - 1;
            let value = format!("\"{}\"", "x".repeat(length - around - 2));
            let answer = send(&server, &way, &value).await;
            assert_eq!(answer.status != 413, is_kept, "{} {length}: {}", way.path, answer.status);
            assert!(answer.status < 500, "{} {length}: {}", way.path, answer.body);
        }
        server = Server::again(server.stop().await, |_| {}).await;
        server.assert_all_reads_answer().await;
        server.row(&id).await;
    }
}
