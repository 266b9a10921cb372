//! Tests that there is one map: the same pixels after a reload and for a second browser, undo with the displaced neighbours,
//! redo, and tidying up.

use orrery_tests::http::Http;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::act::{menu, ready};
use crate::page::{Page, card, press, write};

/// Numbers of a deterministic generator (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}

async fn create(http: &Http, body: Value) -> String {
    http.post("/workspaces", body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

async fn ids(http: &Http) -> Vec<String> {
    let rows = http.get("/workspaces").await.json();
    rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// The position of each workspace, in the order of the ids.
async fn positions(http: &Http) -> Vec<Value> {
    let rows = http.get("/workspaces").await.json();
    rows.as_array().unwrap().iter().map(|row| json!([row["id"], row["x"], row["y"], row["pinned"]])).collect()
}

async fn random_step(http: &Http, random: &mut Random) {
    let ids = ids(http).await;
    let any = |random: &mut Random| ids[random.below(ids.len())].clone();
    let (id, other) = (any(random), any(random));
    match random.below(7) {
        0 | 1 => drop(create(http, json!({ "name": format!("w {}", random.below(100)), "parent_id": other })).await),
        2 => {
            let members: Vec<Value> =
                (0..=random.below(5)).map(|index| json!({ "name": format!("m {index}") })).collect();
            http.post(&format!("/workspaces/{id}/expand"), json!({ "sub_workspaces": members })).await;
        }
        // Into a team that is inside it is refused.
        3 => drop(http.patch(&format!("/workspaces/{id}"), json!({ "parent_id": other })).await),
        4 => {
            let (x, y) = (random.below(300) * 4, random.below(200) * 4);
            http.patch(&format!("/workspaces/{id}"), json!({ "x": x, "y": y })).await.expect(200);
        }
        5 if ids.len() > 12 => drop(http.delete(&format!("/workspaces/{id}?confirm=true")).await),
        _ => drop(create(http, json!({ "name": format!("r {}", random.below(100)) })).await),
    }
}

/// The rectangle of each workspace on the screen, with everything in view.
async fn pixels(page: &Page, ids: &[String]) -> Value {
    page.evaluate("document.activeElement?.blur()").await;
    press(page, "f", "").await;
    page.camera_at_rest().await;
    page.evaluate(&format!("{}.map(id => window.orrery.rect(id))", json!(ids))).await
}

#[tokio::test]
async fn a_reload_and_a_second_browser_show_the_same_pixels_after_any_history() {
    let server = Server::start().await;
    let http = server.http();
    for index in 0..4 {
        create(&http, json!({ "name": format!("Team {index}") })).await;
    }
    let page = ready(&server, 4).await;
    // Zoomed by hand: from now on the camera stays.
    press(&page, "-", "").await;
    page.camera_at_rest().await;
    let camera = "document.querySelector('.canvas-world').style.transform";
    let before = page.evaluate(camera).await;
    let mut random = Random(15);
    for _ in 0..60 {
        random_step(&http, &mut random).await;
    }
    page.agrees_with(&server).await;
    assert_eq!(page.evaluate(camera).await, before, "nobody's camera moves by itself");
    let ids = ids(&http).await;
    let live = pixels(&page, &ids).await;
    assert!(live.as_array().unwrap().iter().all(Value::is_object), "{live}");
    let other = Page::open(&server).await;
    other.agrees_with(&server).await;
    assert_eq!(pixels(&other, &ids).await, live, "a second browser");
    page.refresh().await.unwrap();
    page.ready().await;
    page.agrees_with(&server).await;
    assert_eq!(pixels(&page, &ids).await, live, "after a reload");
}

#[tokio::test]
async fn undo_restores_displaced_neighbours_and_redo_moves_them_again() {
    let server = Server::start().await;
    let http = server.http();
    let team = create(&http, json!({ "name": "Team" })).await;
    let mut ids = Vec::new();
    for index in 0..3 {
        ids.push(create(&http, json!({ "name": format!("Worker {index}") })).await);
    }
    let page = ready(&server, 4).await;
    page.wait_for(&card(&ids[0])).await;
    let before = positions(&http).await;
    // The team grows by this, into its neighbours.
    menu(&page, &ids[2], "Move to").await;
    crate::act::choose_team(&page, "Team").await;
    page.click(".dialog [type=submit]").await;
    page.wait_text(".toasts", "Moved “Worker 2” into “Team”").await;
    let after = positions(&http).await;
    let displaced = before.iter().zip(&after).filter(|(before, after)| before != after).count();
    assert!(displaced > 1, "{before:?} {after:?}");
    page.wait_gone(".dialog").await;
    for (key, modifiers, expected) in [
        ("z", ", ctrlKey: true", &before),
        ("Z", ", ctrlKey: true, shiftKey: true", &after),
        ("z", ", ctrlKey: true", &before),
        ("y", ", ctrlKey: true", &after),
    ] {
        press(&page, key, modifiers).await;
        wait::until(&format!("{key} to be done"), async || positions(&http).await, |seen| seen == expected).await;
        let parent = if *expected == after { json!(team) } else { Value::Null };
        let row = http.get(&format!("/workspaces/{}", ids[2])).await.json();
        assert_eq!(row["parent_id"], parent);
        page.agrees_with(&server).await;
    }
    press(&page, "y", ", ctrlKey: true").await;
    page.wait_text(".toasts", "Nothing to redo").await;
}

#[tokio::test]
async fn tidying_up_says_what_will_move_and_can_be_undone() {
    let server = Server::start().await;
    let http = server.http();
    let mut random = Random(3);
    create(&http, json!({ "name": "Team" })).await;
    for _ in 0..25 {
        random_step(&http, &mut random).await;
    }
    let count = ids(&http).await.len();
    let page = ready(&server, count as u64).await;
    let before = positions(&http).await;
    press(&page, "k", ", ctrlKey: true").await;
    write(&page, ".palette input", "tidy up everything").await;
    page.wait_text(".found-row[aria-selected=true]", "Tidy up everything").await;
    press(&page, "Enter", "").await;
    page.wait_text(".dialog [role=status]", "will move").await;
    assert_eq!(positions(&http).await, before, "nothing moves before it is confirmed");
    page.click(".dialog [type=submit]").await;
    page.wait_text(".toasts", "Tidied up: moved").await;
    assert_ne!(positions(&http).await, before);
    page.wait_gone(".dialog").await;
    press(&page, "z", ", ctrlKey: true").await;
    wait::until("the map as it was", async || positions(&http).await, |seen| *seen == before).await;
    page.agrees_with(&server).await;
}
