//! `/metrics` after real traffic, read as Prometheus reads it. Never how fast anything was.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::sockets::client::{Heard, PATIENCE};
use crate::support::Server;

/// Every sample by its name and labels, after checking that the text is well-formed.
async fn samples(server: &Server) -> BTreeMap<String, f64> {
    let answer = server.get("/metrics").await;
    assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/plain; version=0.0.4"));
    let Value::String(text) = answer.body else { panic!("metrics are text") };
    let (mut kinds, mut samples) = (BTreeMap::new(), BTreeMap::new());
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert!(kinds.insert(name.to_owned(), kind.to_owned()).is_none(), "{name} comes twice");
        } else if !line.starts_with("# HELP ") {
            let (name, value) = line.rsplit_once(' ').unwrap();
            let family = name.split('{').next().unwrap();
            let of_histogram = ["_bucket", "_sum", "_count"].iter().find_map(|end| family.strip_suffix(end));
            assert!(kinds.contains_key(family) || of_histogram.is_some_and(|it| kinds[it] == "histogram"), "{line}");
            assert!(samples.insert(name.to_owned(), value.parse().unwrap()).is_none(), "{name} comes twice");
        }
    }
    samples
}

async fn until(server: &Server, what: &str, enough: impl Fn(f64) -> bool) {
    let look = async {
        while !samples(server).await.get(what).is_some_and(|value| enough(*value)) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, look).await.unwrap_or_else(|_| panic!("{what} never came to be so"));
}

#[tokio::test]
async fn what_happened_is_counted() {
    let server = Server::start().await;
    let team = server.workspace("team", None).await;
    let mut canvas = server.socket("/ws?since=").await;
    let hello = canvas.json().await;
    let mut agent = server.agent(&team, "/ws").await;
    let _stream = server.socket("/ws/stream").await;
    server.tasks(&team, 50).await;
    assert_eq!((canvas.seqs(50).await.len(), agent.seqs(50).await.len()), (50, 50));
    let since = format!("{}:{}", hello["epoch"].as_str().unwrap(), hello["head"]);
    let mut resumed = server.socket(&format!("/ws?since={since}")).await;
    assert_eq!(resumed.json().await["resumed"], true);
    resumed.seqs(50).await;
    let mut stranger = server.socket("/ws?since=another:5").await;
    assert_eq!(stranger.json().await["resumed"], false);

    let seen = samples(&server).await;
    let exact = [
        (r#"orrery_subscribers{kind="canvas"}"#, 3.0),
        (r#"orrery_subscribers{kind="agent"}"#, 1.0),
        (r#"orrery_subscribers{kind="stream"}"#, 1.0),
        (r#"orrery_workspaces{status="provisioning"}"#, 1.0),
        ("orrery_sockets_opened_total", 5.0),
        ("orrery_resumes_total", 1.0),
        ("orrery_snapshots_needed_total", 2.0),
        ("orrery_deliveries_total", 150.0),
        ("orrery_queue_bytes", 0.0),
        ("orrery_healed_gaps_total", 0.0),
        ("orrery_commits_failed_total", 0.0),
        ("orrery_connections_refused_total", 0.0),
    ];
    for (name, value) in exact {
        assert_eq!(seen.get(name), Some(&value), "{name}");
    }
    assert!(seen["orrery_connections"] >= 6.0 && seen["orrery_requests_total"] >= 6.0);
    assert_eq!(seen["orrery_events_published_total"], seen["orrery_log_seq"]);
    let count = seen["orrery_commit_to_send_seconds_count"];
    assert!(count >= 2.0 && seen["orrery_commit_to_send_seconds_sum"] > 0.0);
    assert_eq!(seen[r#"orrery_commit_to_send_seconds_bucket{le="+Inf"}"#], count);
    let mut buckets: Vec<(f64, f64)> = seen
        .iter()
        .filter_map(|(name, value)| {
            let bound = name.strip_prefix("orrery_commit_to_send_seconds_bucket{le=\"")?.strip_suffix("\"}")?;
            Some((bound.parse().unwrap_or(f64::INFINITY), *value))
        })
        .collect();
    buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
    assert!(buckets.len() > 5 && buckets.is_sorted_by(|one, other| one.1 <= other.1), "{buckets:?}");

    // How each ended, and that what they held is given back.
    let bye = |code: u16| Message::Close(Some(CloseFrame { code: code.into(), reason: "".into() }));
    canvas.send(bye(1000)).await;
    stranger.send(bye(3999)).await;
    drop(resumed);
    server.delete(&format!("/workspaces/{team}")).await.ok();
    assert!(matches!(agent.all().await.1, Heard::Closed(4500, _)));
    for what in [
        r#"orrery_disconnects_total{by="client",code="1000"}"#,
        r#"orrery_disconnects_total{by="client",code="0"}"#,
        r#"orrery_disconnects_total{by="client",code="1006"}"#,
        r#"orrery_disconnects_total{by="server",code="4500"}"#,
    ] {
        until(&server, what, |count| count == 1.0).await;
    }
    until(&server, r#"orrery_subscribers{kind="canvas"}"#, |count| count == 0.0).await;
    until(&server, "orrery_connections", |count| count <= 3.0).await;
}
