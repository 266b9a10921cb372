//! Tests of the page before its lazily loaded chunk has arrived.

use std::fs;
use std::path::{Path, PathBuf};

use orrery_tests::browser::Browser;
use orrery_tests::server::{Server, dist};
use serde_json::json;

use crate::page::{Page, card};

#[tokio::test]
async fn the_fleet_is_shown_before_the_lazy_chunk_and_usable_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let second = copy_without_the_second_file(&dist(), folder.path());
    let server = Server::start_with(&["--dist", folder.path().to_str().unwrap()]).await;
    let made = server.http().post("/workspaces", json!({"name": "The first"})).await.expect(201);
    let id = made["id"].as_str().unwrap().to_owned();

    let browser = Browser::open(1280, 800).await;
    browser.goto(&server.url("/")).await.unwrap();
    browser.wait_for("[data-connection=live]").await;
    let page = Page { browser };
    page.wait_for(&card(&id)).await;
    page.wait_text(".connection-banner", "Part of this page could not be loaded").await;
    server.http().post("/registry/heartbeat", json!({"workspace_id": id})).await.expect(200);
    page.status(&id, "online").await;
    assert_eq!(page.attribute(".app", "data-ready").await, None);

    let (from, to) = second;
    fs::copy(from, to).unwrap();
    page.wait_for(".app[data-ready]").await;
    page.wait_gone(".connection-banner").await;
    page.click(&card(&id)).await;
    page.wait_for(".panel").await;
}

/// Answers where the second file is and where it is missed. Plain files only: what is squeezed need not be there.
fn copy_without_the_second_file(dist: &Path, to: &Path) -> (PathBuf, PathBuf) {
    let mut second = None;
    for entry in fs::read_dir(dist).expect("the page is built: run `cargo xtask build`") {
        let from = entry.unwrap().path();
        let name = from.file_name().unwrap().to_str().unwrap();
        let to = to.join(name);
        if name.starts_with("lazy-") && name.ends_with(".wasm") {
            second = Some((from, to));
        } else if !name.ends_with(".br") && !name.ends_with(".gz") {
            fs::copy(from, to).unwrap();
        }
    }
    second.expect("the page comes in two files")
}
