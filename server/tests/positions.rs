//! Positions that the server assigns: the same after a restart and for whoever folds the events, displaced neighbours, and
//! tidying up.

use orrery_layout::positions::PositionIndex;
use orrery_model::{Canvas, Changes};
use orrery_protocol::{EventEnvelope, Workspace};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Server;

/// Numbers of a deterministic generator (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}

async fn rows(server: &Server) -> Vec<Value> {
    server.get("/workspaces").await.ok().as_array().unwrap().clone()
}

/// The id of each workspace, with its team, its position and whether that is pinned.
async fn positions(server: &Server) -> Vec<[Value; 5]> {
    let of = |row: &Value| ["id", "parent_id", "x", "y", "pinned"].map(|field| row[field].clone());
    rows(server).await.iter().map(of).collect()
}

/// Asserts that everything has a position and that no siblings overlap.
async fn check(server: &Server) {
    let rows = rows(server).await;
    let records = rows.iter().map(|row| serde_json::from_value::<Workspace>(row.clone()).unwrap());
    let canvas = Canvas::from_rows(records, 0);
    let index = PositionIndex::of(&canvas);
    for (slot, record) in canvas.iter() {
        assert!(record.pinned.is_some(), "{} has no position", record.id);
        let rect = index.rect(slot).unwrap();
        let siblings = canvas.parent(slot).map_or(canvas.roots(), |team| canvas.children(team));
        for other in siblings.iter().filter(|other| **other != slot) {
            assert!(!rect.meets(&index.rect(*other).unwrap()), "{} overlaps a sibling", record.id);
        }
    }
}

async fn random_step(server: &Server, random: &mut Random) {
    let rows = rows(server).await;
    let any = |random: &mut Random| (!rows.is_empty()).then(|| rows[random.below(rows.len())]["id"].clone());
    let name = format!("w {}", random.below(100));
    match (random.below(6), any(random), any(random)) {
        (0 | 1, team, _) => {
            server.create(json!({ "name": name, "parent_id": team.filter(|_| random.below(3) > 0) })).await;
        }
        (2, Some(team), _) => {
            let names: Vec<Value> =
                (0..random.below(5) + 1).map(|index| json!({ "name": format!("s {index}") })).collect();
            let path = format!("/workspaces/{}/expand", team.as_str().unwrap());
            server.post(&path, json!({ "sub_workspaces": names })).await.ok();
        }
        (3, Some(id), team) => {
            // Into a team that is inside it is refused.
            server.patch(&format!("/workspaces/{}", id.as_str().unwrap()), json!({ "parent_id": team })).await;
        }
        (4, Some(id), _) => {
            let (x, y) = (random.below(300) * 4, random.below(200) * 4);
            server.patch(&format!("/workspaces/{}", id.as_str().unwrap()), json!({ "x": x, "y": y })).await.ok();
        }
        (5, Some(id), _) if rows.len() > 12 => {
            server.delete(&format!("/workspaces/{}?confirm=true", id.as_str().unwrap())).await.ok();
        }
        _ => drop(server.named(&name).await),
    }
}

#[tokio::test]
async fn every_reader_sees_the_same_map_after_any_history_and_a_restart() {
    let server = Server::start().await;
    let mut random = Random(7);
    for _ in 0..60 {
        random_step(&server, &mut random).await;
    }
    check(&server).await;
    let before = positions(&server).await;
    // Who follows the events sees what who reads the rows sees.
    let mut canvas = Canvas::new();
    for event in server.log().await {
        let envelope = EventEnvelope::read(&event.to_string()).unwrap();
        canvas.apply(&envelope, &mut Changes::default());
    }
    let snapshot = server.get("/snapshot").await;
    assert_eq!(snapshot.headers["x-state-hash"], format!("{:016x}", canvas.hash()));
    for [id, _, x, y, pinned] in &before {
        let record = canvas.workspace(&id.as_str().unwrap().parse().unwrap()).unwrap();
        assert_eq!(json!([record.x, record.y, record.pinned]), json!([x, y, pinned]), "{id}");
    }
    let head = server.head().await;
    let server = Server::again(server.stop().await, |_| {}).await;
    assert_eq!((positions(&server).await, server.head().await), (before, head));
    for _ in 0..20 {
        random_step(&server, &mut random).await;
    }
    check(&server).await;
}

#[tokio::test]
async fn many_members_are_placed_in_the_natural_order_of_their_names() {
    let server = Server::start().await;
    let team = server.named("Team").await;
    let names: Vec<Value> = (1..=12).rev().map(|number| json!({ "name": format!("worker {number}") })).collect();
    server.post(&format!("/workspaces/{team}/expand"), json!({ "sub_workspaces": names })).await.ok();
    let mut members = rows(&server).await;
    members.retain(|row| row["parent_id"] == json!(team));
    members.sort_by(|a, b| {
        let key = |row: &Value| (row["y"].as_f64().unwrap(), row["x"].as_f64().unwrap());
        key(a).partial_cmp(&key(b)).unwrap()
    });
    let names: Vec<String> = members.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
    let ordered: Vec<String> = (1..=12).map(|number| format!("worker {number}")).collect();
    assert_eq!(names, ordered);
}

#[tokio::test]
async fn a_move_answers_whom_it_displaces_and_can_be_taken_back() {
    let server = Server::start().await;
    let mut ids = Vec::new();
    for name in ["a", "b", "c", "d"] {
        ids.push(server.named(name).await);
    }
    let inside = server.inside("inside", &ids[1]).await;
    let before = positions(&server).await;
    let target = server.row(&ids[1]).await;
    let path = format!("/workspaces/{}", ids[0]);
    let answer = server.patch(&path, json!({ "x": target["x"], "y": target["y"] })).await.ok();
    let moved = answer["moved"].as_array().unwrap();
    assert_eq!((&moved[0]["id"], &moved[0]["to"]["pinned"]), (&json!(ids[0]), &json!(true)));
    assert!(moved.iter().any(|moved| moved["id"] == json!(ids[1])), "{answer}");
    assert!(!moved.iter().any(|moved| moved["id"] == json!(inside)), "what is inside moves along");
    check(&server).await;
    let restored = moved.iter().map(|moved| {
        let from = &moved["from"];
        json!({ "id": moved["id"], "x": from["x"], "y": from["y"], "pinned": from["pinned"] })
    });
    let restored: Vec<Value> = restored.collect();
    server.call(Method::PUT, "/canvas/positions", json!({ "positions": restored })).await.ok();
    assert_eq!(positions(&server).await, before);
    // To another team and back.
    let answer = server.patch(&path, json!({ "parent_id": ids[2] })).await.ok();
    let from = &answer["moved"][0]["from"];
    let back = json!({ "id": ids[0], "x": from["x"], "y": from["y"], "pinned": from["pinned"], "parent_id": null });
    let others = answer["moved"].as_array().unwrap()[1..].iter().map(|moved| {
        json!({ "id": moved["id"], "x": moved["from"]["x"], "y": moved["from"]["y"], "pinned": moved["from"]["pinned"] })
    });
    let all: Vec<Value> = std::iter::once(back).chain(others).collect();
    server.call(Method::PUT, "/canvas/positions", json!({ "positions": all })).await.ok();
    assert_eq!(positions(&server).await, before);
}

#[tokio::test]
async fn a_team_that_grows_by_a_drop_displaces_its_neighbours() {
    let server = Server::start().await;
    let team = server.named("Team").await;
    server.inside("inside", &team).await;
    let beside = server.create(json!({ "name": "beside", "canvas": { "x": 560, "y": 420 } })).await;
    let dropped = server.named("dropped").await;
    let entry = json!({ "id": dropped, "x": 428, "y": 320, "pinned": true, "parent_id": team });
    let answer = server.call(Method::PUT, "/canvas/positions", json!({ "positions": [entry] })).await.ok();
    assert!(answer["moved"].as_array().unwrap().iter().any(|moved| moved["id"] == json!(beside)), "{answer}");
    check(&server).await;
}

#[tokio::test]
async fn refuses_positions_that_cannot_be() {
    let server = Server::start().await;
    let team = server.named("Team").await;
    let inside = server.inside("inside", &team).await;
    let put = async |entry: Value| server.call(Method::PUT, "/canvas/positions", json!({ "positions": [entry] })).await;
    let far = put(json!({ "id": team, "x": 2_000_000, "y": 0, "pinned": true })).await;
    assert!(far.refused(400).contains('x'));
    let cycle = put(json!({ "id": team, "x": 0, "y": 0, "pinned": true, "parent_id": inside })).await;
    assert!(cycle.refused(409).contains("inside"));
    let head = server.head().await;
    assert_eq!(put(json!({ "id": "gone", "x": 0, "y": 0, "pinned": true })).await.ok()["moved"], json!([]));
    server.post("/canvas/tidy", json!({ "team_id": "gone" })).await.refused(404);
    assert_eq!(server.head().await, head);
}

#[tokio::test]
async fn tidying_up_is_previewed_leaves_pinned_workspaces_and_is_idempotent() {
    let server = Server::start().await;
    let mut random = Random(11);
    for _ in 0..40 {
        random_step(&server, &mut random).await;
    }
    let before = positions(&server).await;
    let preview = server.post("/canvas/tidy", json!({ "preview": true })).await.ok();
    assert_eq!(positions(&server).await, before, "a preview moves nothing");
    let done = server.post("/canvas/tidy", json!({})).await.ok();
    assert_eq!(done, preview);
    let after = positions(&server).await;
    let moved = before.iter().zip(&after).filter(|(before, after)| before != after).count();
    assert_eq!((json!(moved), moved > 0), (done["count"].clone(), true));
    check(&server).await;
    let again = server.post("/canvas/tidy", json!({})).await.ok();
    assert_eq!(again, json!({ "count": 0, "moved": [] }));
    server.post("/canvas/tidy", json!({ "pinned": true })).await.ok();
    check(&server).await;
    assert!(positions(&server).await.iter().all(|[.., pinned]| *pinned == json!(false)));
}

#[tokio::test]
async fn a_log_from_before_positions_gets_them_once() {
    let server = Server::start().await;
    let team = server.named("Team").await;
    for index in 0..7 {
        server.inside(&format!("w {index}"), &team).await;
        server.named(&format!("r {index}")).await;
    }
    server.patch(&format!("/workspaces/{team}"), json!({ "collapsed": true })).await.ok();
    let folder = server.stop().await;
    let sql = r#"UPDATE workspaces SET record = replace(replace(replace(record, '"x":', '"old_x":'), '"y":', '"old_y":'),
        '"pinned":', '"old_pinned":')"#;
    crate::engine::tamper(folder.path(), sql).await;
    let server = Server::again(folder, |_| {}).await;
    check(&server).await;
    let (assigned, head) = (positions(&server).await, server.head().await);
    let server = Server::again(server.stop().await, |_| {}).await;
    assert_eq!((positions(&server).await, server.head().await), (assigned, head));
}
