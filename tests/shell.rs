//! Tests of the page before its program has loaded: theme, content policy, messages on failure.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use orrery_tests::browser::Browser;
use orrery_tests::server::{Server, dist};
use serde_json::json;
use tempfile::TempDir;

#[tokio::test]
async fn the_program_replaces_the_shell_without_console_messages() {
    let server = Server::start().await;
    let browser = Browser::open(1280, 800).await;
    browser.goto(&server.url("/")).await.unwrap();
    browser.wait_for("[data-connection=live]").await;
    browser.wait_for("#shell[hidden]").await;
    // The console lists violations of the content policy and missing files.
    assert_eq!(browser.console().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_chosen_theme_is_set_before_the_program_starts() {
    let server = Server::start().await;
    let browser = Browser::open(1280, 800).await;
    for (stored, expected) in [("dark", "dark"), ("light", "light"), ("system", "system"), ("mauve", "system")] {
        browser.goto(&server.url("/")).await.unwrap();
        browser.evaluate(&format!("localStorage.setItem('orrery.theme', '{stored}')")).await;
        browser.refresh().await.unwrap();
        assert_eq!(browser.attribute("html", "data-theme").await.as_deref(), Some(expected));
    }
}

#[tokio::test]
async fn a_program_that_does_not_load_shows_an_error() {
    for (missing, cause) in [("wasm", "404"), ("js", "could not be loaded")] {
        let bundle = bundle_without(missing);
        let server = Server::start_with(&["--dist", &bundle.path().to_string_lossy()]).await;
        let browser = Browser::open(1280, 800).await;
        browser.goto(&server.url("/")).await.unwrap();
        browser.wait_text("#shell[data-state=failed][role=alert] h1", "could not start").await;
        browser.wait_text("#shell-cause", cause).await;
        assert!(browser.wait_for("#shell-reload").await.is_displayed().await.unwrap());
    }
}

#[tokio::test]
async fn a_panic_is_logged_with_its_place_and_shown_on_the_page() {
    let server = Server::start().await;
    let browser = Browser::open(1280, 800).await;
    browser.goto(&server.url("/")).await.unwrap();
    browser.wait_for("[data-connection=live]").await;
    browser.wait_for("#shell[hidden]").await;
    // The page expects that the browser creates elements.
    browser.evaluate("document.createElement = () => { throw new Error('broken by the test') }").await;
    server.http().post("/workspaces", json!({"name": "The first"})).await.expect(201);
    browser.wait_text("#shell[data-state=failed][role=alert] h1", "has stopped").await;
    let console = browser.console().await;
    let is_place = |line: &String| line.contains("panicked at ") && line.contains(".rs:");
    assert!(console.iter().any(is_place), "{console:#?}");
    assert!(console.iter().any(|line| line.contains("broken by the test")), "{console:#?}");
}

/// Returns a copy of the built page without the file of the program that has this extension.
fn bundle_without(extension: &str) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in fs::read_dir(dist()).expect("the page is built: cargo xtask build --page-only").flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        let program = name.starts_with("orrery-") && name.contains(&format!(".{extension}"));
        if !program {
            fs::copy(file.path(), Path::new(copy.path()).join(name)).unwrap();
        }
    }
    copy
}
