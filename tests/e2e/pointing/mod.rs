//! Tests of hovering, the context menu and clicks with real input, on mounted and drawn workspaces: small and large fleets, five
//! zooms, both themes.

mod fleet;

use std::collections::HashMap;

use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::page::Page;
pub use fleet::Fleet;

const DRIVER: &str = include_str!("driver.js");
/// From full cards to the least zoom there is, at which a card is 2.4 by 1.6 pixels.
const ZOOMS: [f64; 5] = [1.0, 0.45, 0.2, 0.06, 0.01];
const EACH: usize = 100;

/// Xorshift: the same choice in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    /// Returns so many of them in random order, each once: two clicks on one would be a double-click.
    fn choose<'a>(&mut self, from: &'a [String], count: usize) -> Vec<&'a String> {
        let mut all: Vec<&String> = from.iter().collect();
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
        all.truncate(count);
        all
    }
}

pub async fn open(server: &Server, count: usize) -> Page {
    let page = Page::open(server).await;
    wait::until("the fleet", async || page.state().await["count"].as_u64(), |seen| *seen == Some(count as u64)).await;
    page.run(DRIVER, vec![]).await;
    page
}

/// Hovers, opens the menu, which the driver closes, and clicks, with real input, at each of these points.
async fn point_at(page: &Page, points: &[Value]) {
    let button = |kind: &str, button: u8| json!({"type": kind, "button": button});
    let at = |point: &Value| {
        let there = json!({"type": "pointerMove", "duration": 0, "x": point[1], "y": point[2], "origin": "viewport"});
        let menu = [button("pointerDown", 2), button("pointerUp", 2)];
        [vec![there], menu.into(), vec![button("pointerDown", 0), button("pointerUp", 0)]].concat()
    };
    page.perform(&points.iter().flat_map(at).collect::<Vec<_>>(), &[]).await;
}

/// Returns what went otherwise than it should.
async fn differences(page: &Page, chosen: &[&String], names: &HashMap<String, String>) -> Vec<String> {
    let mut left: Vec<&str> = chosen.iter().map(|id| id.as_str()).collect();
    let mut pointed = Vec::new();
    while !left.is_empty() {
        let points = page.run("return pointing.bring_into_view(args[0])", vec![json!(left)]).await;
        let points = points.as_array().unwrap();
        assert!(!points.is_empty(), "{} cannot be brought into sight", left[0]);
        point_at(page, points).await;
        left.retain(|id| points.iter().all(|point| point[0] != **id));
        pointed.extend(points.iter().cloned());
    }
    let rows = page.run("return pointing.take()", vec![]).await;
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), chosen.len(), "the page gets each click: {rows:?}");
    let expected = |id: &str| json!({"hovered": id, "named": names[id], "menu": names[id], "opened": names[id]});
    let all = pointed.iter().map(|point| (point, expected(point[0].as_str().unwrap()))).zip(rows);
    let differing = all.filter(|((_, expected), row)| *row != expected);
    differing.map(|((point, expected), row)| format!("at {point}: {row} instead of {expected}")).collect()
}

async fn pointer_means_the_workspace_under_it(count: usize) {
    let server = Server::start_with(&["--heartbeat-ttl", "1h", "--provision-timeout", "1h"]).await;
    let fleet = Fleet::make(&server.http(), count).await;
    assert_eq!(fleet.names.len(), count);
    let page = open(&server, count).await;
    let mut random = Random(0x5EED ^ count as u64);
    // The panel takes its part of the window before anything is measured.
    let first = page.run("return pointing.bring_into_view(args[0])", vec![json!([fleet.leaves[0]])]).await;
    point_at(&page, first.as_array().unwrap()).await;
    page.wait_for(".panel").await;
    page.run("await pointing.frames(4); await pointing.take()", vec![]).await;
    for theme in ["light", "dark"] {
        page.browser.prefer_color_scheme(theme).await;
        for zoom in ZOOMS {
            page.run("await pointing.zoom(args[0])", vec![json!(zoom)]).await;
            let mut chosen = random.choose(&fleet.leaves, EACH);
            // From near, neighbours follow each other, so that the camera goes a shorter way. From afar two clicks on
            // neighbours would be a double-click.
            if zoom > 0.1 {
                chosen.sort_by_key(|id| fleet.leaves.iter().position(|leaf| leaf == *id));
            }
            let wrong = differences(&page, &chosen, &fleet.names).await;
            let context = format!("{count} workspaces, {theme}, zoom {zoom}: {} of {}", wrong.len(), chosen.len());
            assert!(wrong.is_empty(), "{context}\n{}", wrong.join("\n"));
        }
    }
}

#[tokio::test]
async fn pointer_means_the_workspace_under_it_among_60() {
    pointer_means_the_workspace_under_it(60).await;
}

#[tokio::test]
async fn pointer_means_the_workspace_under_it_among_185() {
    pointer_means_the_workspace_under_it(185).await;
}

#[tokio::test]
async fn pointer_means_the_workspace_under_it_among_2000() {
    pointer_means_the_workspace_under_it(2000).await;
}
