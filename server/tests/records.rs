//! What is read back: activity with its bodies, the log in pages, the viewport, health and metrics. Never sockets.

use serde_json::{Value, json};

use crate::support::{Server, kinds, told};

#[tokio::test]
async fn activity_is_told_as_a_hint_and_read_with_its_bodies() {
    let server = Server::start().await;
    let (id, other) = (server.named("A").await, server.named("B").await);
    let path = format!("/workspaces/{id}/activity");
    let said = json!({ "activity_type": "a2a_receive", "method": "message/send", "summary": "s", "status": "ok",
        "source_id": other, "target_id": id, "duration_ms": 1500, "request_body": { "deep": [1, 2.5, "<b>"] },
        "response_body": "text", "error_detail": null });
    let before = server.head().await;
    let answer = server.post(&path, said.clone()).await;
    assert_eq!((answer.status, &answer.body["status"]), (201, &json!("logged")));
    for n in 0..4 {
        let more = json!({ "activity_type": "agent_log", "summary": n.to_string(), "error_detail": { "n": n } });
        server.post(&path, more).await.ok();
    }
    let events = server.log_after(before).await;
    assert_eq!(kinds(&events), ["ACTIVITY_LOGGED"; 5]);
    let hint = json!({ "activity_type": "a2a_receive", "method": "message/send", "summary": "s", "status": "ok",
        "source_id": other, "target_id": id, "duration_ms": 1500, "id": answer.body["id"] });
    assert_eq!(events[0]["payload"], hint);

    let shared = &server;
    let rows = |path: String| async move { shared.get(&path).await.ok().as_array().unwrap().clone() };
    let all = rows(path.clone()).await;
    let summaries: Vec<&Value> = all.iter().map(|row| &row["summary"]).collect();
    assert_eq!(json!(summaries), json!(["3", "2", "1", "0", "s"]), "newest first");
    let oldest = &all[4];
    for field in ["id", "request_body", "response_body", "error_detail", "duration_ms", "source_id"] {
        let want = if field == "id" { &answer.body } else { &said };
        assert_eq!(oldest[field], want[field], "{field}");
    }
    assert_eq!(oldest["seq"], events[0]["seq"]);
    assert_eq!(all[0]["error_detail"], json!({ "n": 3 }));
    assert_eq!(rows(format!("{path}?type=a2a_receive")).await, std::slice::from_ref(oldest));
    assert_eq!(rows(format!("{path}?source={other}")).await, std::slice::from_ref(oldest));
    assert_eq!(rows(format!("{path}?type=agent_log&source={other}")).await, [] as [Value; 0]);
    let first = rows(format!("{path}?limit=2")).await;
    assert_eq!(first, all[..2]);
    assert_eq!(rows(format!("{path}?limit=2&before={}", first[1]["seq"])).await, all[2..4]);
    assert_eq!(rows(format!("{path}?before={}", answer.body["cursor"].as_str().unwrap())).await, [] as [Value; 0]);
    assert_eq!(rows(format!("/workspaces/{other}/activity")).await, [] as [Value; 0]);
}

#[tokio::test]
async fn the_log_is_read_in_pages_without_a_gap() {
    let server = Server::start().await;
    let (one, two) = (server.named("A").await, server.named("B").await);
    for n in 0..6 {
        server.heartbeat(&one, json!({ "current_task": n.to_string() })).await.ok();
        server.post(&format!("/workspaces/{two}/activity"), json!({ "activity_type": "a" })).await.ok();
        server.patch(&format!("/workspaces/{two}"), json!({ "role": n.to_string() })).await.ok();
    }
    let all = server.log().await;
    let seqs: Vec<u64> = all.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=21).collect::<Vec<_>>());

    let (mut paged, mut since) = (Vec::new(), None::<String>);
    loop {
        let from = since.as_ref().map(|since| format!("&since={since}")).unwrap_or_default();
        let page = server.get(&format!("/events?limit=7{from}")).await;
        since = page.headers.get("x-next-cursor").map(|next| next.to_str().unwrap().to_owned());
        assert!(page.headers["x-event-cursor"].to_str().unwrap().ends_with(":21"));
        paged.extend(page.ok().as_array().unwrap().clone());
        if since.is_none() || paged.len() > 30 {
            break;
        }
    }
    assert_eq!(paged, all);
    let some = server.get("/events?since=3&until=5").await.ok();
    assert_eq!(some, json!(all[3..5]));

    // With the names of the columns beside the keys of the event.
    let with_columns = |event: &Value| {
        let mut event = event.clone();
        (event["id"], event["created_at"]) = (event["seq"].clone(), event["timestamp"].clone());
        event["event_type"] = event["event"].clone();
        event
    };
    let of = |id: &str| all.iter().filter(|it| it["workspace_id"] == id).map(with_columns).collect::<Vec<Value>>();
    assert_eq!(server.get(&format!("/events/{one}")).await.ok(), json!(of(&one)));
    let last = of(&two);
    assert_eq!(
        server.get(&format!("/events/{two}?limit=3")).await.ok(),
        json!(last[last.len() - 3..]),
        "the last ones"
    );
    assert_eq!(server.get(&format!("/events/{two}?limit=3&since=1")).await.ok(), json!(last[..3]), "the first after");
    server.get("/events/nobody").await.refused(404);
    server.get("/events?since=elsewhere:3").await.refused(409);
    assert!(server.get("/events?since=x").await.refused(400).contains("since"));
    assert!(server.get("/events?limit=many").await.refused(400).contains("limit"));
}

#[tokio::test]
async fn an_agent_that_moved_in_is_in_both_histories() {
    let server = Server::start().await;
    let from = server.create(json!({ "name": "A", "model": "m" })).await;
    let to = server.named("B").await;
    server.post(&format!("/workspaces/{from}/agent/move"), json!({ "target_workspace_id": to })).await.ok();
    for id in [&from, &to] {
        let events = server.get(&format!("/events/{id}")).await.ok();
        assert_eq!(told(events.as_array().unwrap()).last(), Some(&("AGENT_MOVED", from.as_str())));
    }
    // What happened to a removed workspace is still known.
    server.delete(&format!("/workspaces/{to}")).await.ok();
    let events = server.get(&format!("/events/{to}")).await.ok();
    assert_eq!(kinds(events.as_array().unwrap()).last().unwrap(), "WORKSPACE_REMOVED");
}

#[tokio::test]
async fn the_viewport_is_kept() {
    let server = Server::start().await;
    assert_eq!(server.get("/canvas/viewport").await.ok(), json!({ "x": 0.0, "y": 0.0, "zoom": 1.0 }));
    let said = json!({ "x": -12.5, "y": 0.1, "zoom": 0.30000000000000004 });
    let put = server.call(reqwest::Method::PUT, "/canvas/viewport", said.clone()).await;
    assert_eq!(put.ok(), said);
    let folder = server.stop().await;
    let server = Server::again(folder, |_| {}).await;
    assert_eq!(server.get("/canvas/viewport").await.ok(), said);
    for bad in [json!({ "x": 0, "y": 0, "zoom": 0 }), json!({ "x": 0, "y": 0 }), json!({ "x": "0", "y": 0, "zoom": 1 })]
    {
        server.call(reqwest::Method::PUT, "/canvas/viewport", bad).await.refused(400);
    }
}

#[tokio::test]
async fn health_and_metrics_speak() {
    let server = Server::start().await;
    let id = server.named("A").await;
    server.beat(&id).await.ok();
    assert_eq!(server.get("/health/live").await.ok(), json!({ "status": "live" }));
    assert_eq!(server.get("/health/ready").await.ok(), json!({ "status": "ready" }));
    server.get("/workspaces/nobody").await.refused(404);
    let text = server.get("/metrics").await.ok();
    let text = text.as_str().unwrap();
    for line in [
        "orrery_events_published_total 2",
        "orrery_heartbeats_total 1",
        "orrery_requests_refused_total 1",
        "orrery_workspaces{status=\"online\"} 1",
        "orrery_log_seq 2",
        "# TYPE orrery_commits_total counter",
    ] {
        assert!(text.lines().any(|it| it == line), "{line} is not in\n{text}");
    }
}
