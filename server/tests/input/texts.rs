//! Half an emoji, numbers beyond every reader and lists without end, where agents write what people read.

use serde_json::{Value, json};

use crate::support::Server;

#[tokio::test]
async fn activity_bodies_are_repaired_or_refused_and_the_list_stays_readable() {
    let server = Server::start().await;
    let id = server.named("A").await;
    let path = format!("/workspaces/{id}/activity");
    let body = |value: &str| {
        format!(
            r#"{{"activity_type":"a","summary":"s \ud83d","request_body":{value},"response_body":{{"deep":{value}}}}}"#
        )
    };
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    server.post_text(&path, body(r#""half \ud83d \ude00 whole \ud83d\ude00""#)).await.ok();
    for (value, words) in [("1e999".to_owned(), "too large a number"), (nested(200), "64 levels")] {
        let refused = server.post_text(&path, body(&value)).await.refused(400);
        assert!(refused.contains(words), "{refused}");
    }
    server.post_text(&path, body(&nested(62))).await.ok();
    server.post_text(&path, body(&nested(63))).await.refused(400);
    let rows = server.get(&path).await.ok();
    assert_eq!(rows.as_array().unwrap().len(), 2);
    assert_eq!(rows[1]["request_body"], json!("half \u{fffd} \u{fffd} whole \u{1F600}"));
    assert_eq!(rows[1]["summary"], json!("s \u{fffd}"));
}

#[tokio::test]
async fn every_text_of_every_body_may_hold_half_a_character() {
    let server = Server::start().await;
    let half = r"x\ud83dy";
    let made = server.post_text("/workspaces", format!(r#"{{"name":"{half}","config":{{"{half}":"{half}"}}}}"#)).await;
    let id = made.ok()["id"].as_str().unwrap().to_owned();
    let calls = [
        ("/registry/register".into(), format!(r#"{{"id":"{id}","url":"","agent_card":{{"name":"{half}"}}}}"#)),
        (format!("/workspaces/{id}/agent"), format!(r#"{{"model":"{half}"}}"#)),
        (format!("/workspaces/{id}/expand"), format!(r#"{{"sub_workspaces":[{{"name":"{half}"}}]}}"#)),
        ("/api/events".into(), format!(r#"{{"event_type":"progress","message":"{half}","data":{{"a":"{half}"}}}}"#)),
        ("/api/tasks".into(), format!(r#"{{"title":"{half}","workspace_id":"{id}"}}"#)),
    ];
    for (path, body) in calls {
        let answer = server.post_text(&path, body).await;
        assert!((200..300).contains(&answer.status), "{path}: {}", answer.body);
    }
    let lines = server.client.post(server.url("/api/events")).header("content-type", "application/x-ndjson");
    let lines = lines.body(format!("{{\"event_type\":\"a\",\"message\":\"{half}\"}}\n{{\"event_type\":\"b\"}}\n"));
    assert_eq!(crate::support::Answer::of(lines).await.status, 200);
    let row = server.row(&id).await;
    let repaired = "x\u{fffd}y";
    assert_eq!((&row["name"], &row["agent_card"]["name"]), (&json!(repaired), &json!(repaired)));
    let told = server.log().await.into_iter().filter(|it| it["message"] == repaired).count();
    assert_eq!(told, 2);
    let server = Server::again(server.stop().await, |_| {}).await;
    server.assert_all_reads_answer().await;
    assert_eq!(server.row(&id).await["name"], Value::from(repaired));
}
