//! Tests that the canvas can be read at every distance: labels that cover no tile, and pictures.

mod pictures;

use orrery_tests::server::Server;
use serde_json::{Value, json};

use crate::page::Page;
use crate::pointing::{Fleet, open};

const LABELS: &str = include_str!("labels.js");
/// From full cards to the least zoom there is.
const ZOOMS: [f64; 5] = [1.0, 0.45, 0.2, 0.08, 0.02];

async fn look_at_labels(page: &Page, fleet: &Fleet, zoom: f64) -> Value {
    page.run("await pointing.zoom(args[0])", vec![json!(zoom)]).await;
    // The whole picture is looked at a window at a time, where the teams are.
    let ids: Vec<&String> = fleet.teams.iter().step_by(fleet.teams.len().div_ceil(8)).collect();
    let mut result = json!({"bands": 0, "tiles": 0, "plain": 0, "wrong": []});
    for id in ids {
        page.run("await pointing.bring_into_view([args[0]]); await pointing.frames(20)", vec![json!(id)]).await;
        let seen =
            page.run("return labels.look(args[0], args[1])", vec![json!(fleet.teams), json!(fleet.leaves)]).await;
        for key in ["bands", "tiles", "plain"] {
            result[key] = json!(result[key].as_u64().unwrap() + seen[key].as_u64().unwrap());
        }
        let wrong = seen["wrong"].as_array().unwrap().iter().cloned();
        result["wrong"].as_array_mut().unwrap().extend(wrong);
    }
    result
}

async fn labels_cover_no_tile(count: usize) {
    let server = Server::start_with(&["--heartbeat-ttl", "1h", "--provision-timeout", "1h"]).await;
    let fleet = Fleet::make(&server.http(), count).await;
    let page = open(&server, count).await;
    page.run(LABELS, vec![]).await;
    for theme in ["light", "dark"] {
        page.browser.prefer_color_scheme(theme).await;
        for zoom in ZOOMS {
            let seen = look_at_labels(&page, &fleet, zoom).await;
            let context = format!("{count} workspaces, {theme}, zoom {zoom}");
            let wrong = seen["wrong"].as_array().unwrap();
            assert!(wrong.is_empty(), "{context}: {}", json!(wrong.iter().take(5).collect::<Vec<_>>()));
            let number = |key: &str| seen[key].as_u64().unwrap();
            assert!(number("tiles") > 0, "{context}: no tile was looked at");
            assert!(number("bands") > 0 || zoom < 0.05, "{context}: no band was looked at");
            // Blocks from far away are one colour up to their outline: nothing lies over them.
            assert!(number("plain") > 0 || !(0.05..0.29).contains(&zoom), "{context}: no block was looked at");
        }
    }
}

#[tokio::test]
async fn labels_cover_no_tile_among_60() {
    labels_cover_no_tile(60).await;
}

#[tokio::test]
async fn labels_cover_no_tile_among_185() {
    labels_cover_no_tile(185).await;
}

#[tokio::test]
async fn labels_cover_no_tile_among_2000() {
    labels_cover_no_tile(2000).await;
}
