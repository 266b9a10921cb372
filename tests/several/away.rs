//! Tests of a server that was away for longer than the log keeps events.

use orrery_tests::http::Http;
use orrery_tests::server_group::ServerGroup;
use orrery_tests::socket::End;
use orrery_tests::wait;
use serde_json::json;

pub async fn metric(http: &Http, name: &str) -> u64 {
    let text = http.get("/metrics").await.text;
    let line = text.lines().find(|line| line.starts_with(&format!("orrery_{name} "))).expect("the metric is there");
    line.rsplit_once(' ').unwrap().1.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_missed_pruned_events_resyncs() {
    let mut several = ServerGroup::start(2, &["--keep-transient", "50"]).await;
    let https: Vec<Http> = several.servers.iter().map(|server| server.http()).collect();
    let id = https[0].post("/workspaces", json!({"name": "A"})).await.expect(201)["id"].as_str().unwrap().to_owned();
    let snapshot = async |http: &Http| {
        let answer = http.get("/snapshot").await;
        let cursor = answer.json()["cursor"].as_str().unwrap().to_owned();
        (cursor, answer.header("x-state-hash").unwrap().to_owned())
    };
    let same = async || (snapshot(&https[0]).await, snapshot(&https[1]).await);
    let (_, (old, _)) = wait::until("the second server to follow", same, |(one, other)| one == other).await;
    let canvas = several.servers[1].socket(&format!("/ws?since={old}&include=runs")).await;
    let stream = several.servers[1].socket("/ws/stream").await;

    // The buffers of Redis for this server are gone, too.
    several.servers[1].program().signal("STOP");
    several.redis.kill();
    for number in 0..120 {
        let heartbeat =
            json!({"workspace_id": id, "error_rate": 0.0, "active_tasks": 1, "current_task": format!("task {number}")});
        https[0].post("/registry/heartbeat", heartbeat).await.expect(200);
    }
    several.servers[1].program().signal("CONT");

    for socket in [&canvas, &stream] {
        let end = socket.end().await;
        assert!(matches!(end, End::Closed { code: 4010, .. }), "{end:?}");
    }
    let (_, (now, _)) = wait::until("the second server to follow", same, |(one, other)| one == other).await;
    assert_eq!((metric(&https[1], "begun_anew_total").await, metric(&https[0], "begun_anew_total").await), (1, 0));
    assert!(several.servers[1].log().contains("it begins anew"));
    let hello = async |cursor: &str| {
        let socket = several.servers[1].socket(&format!("/ws?since={cursor}")).await;
        wait::until_some("a hello", async || socket.frames().into_iter().next()).await
    };
    assert!(hello(&old).await.contains("\"resumed\":false"));
    assert!(hello(&now).await.contains("\"resumed\":true"));
    // The server receives and publishes events again.
    let socket = several.servers[1].socket("/ws").await;
    let heartbeat = json!({"workspace_id": id, "error_rate": 0.0, "active_tasks": 1, "current_task": "the last"});
    https[0].post("/registry/heartbeat", heartbeat).await.expect(200);
    let is_received = async || socket.frames().iter().any(|frame| frame.contains("the last"));
    wait::until("the next event", is_received, |is_received| *is_received).await;
    https[1].patch(&format!("/workspaces/{id}"), json!({"name": "B"})).await.expect(200);
    wait::until("both to agree", same, |(one, other)| one == other).await;
}
