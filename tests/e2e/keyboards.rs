//! Tests of keyboards of other scripts and of input methods.

use orrery_tests::server::Server;
use serde_json::json;

use crate::page::{Page, press, write};

#[tokio::test]
async fn shortcuts_are_at_the_same_place_on_a_keyboard_of_another_script() {
    let server = Server::start().await;
    let page = Page::open(&server).await;
    press(&page, "л", ", code: 'KeyK', ctrlKey: true").await;
    page.wait_for(".palette[open]").await;
}

#[tokio::test]
async fn enter_that_ends_a_composition_runs_no_command() {
    let server = Server::start().await;
    server.http().post("/workspaces", json!({"name": "研究"})).await.expect(201);
    let page = Page::open(&server).await;
    press(&page, "k", ", ctrlKey: true").await;
    write(&page, ".palette input", "研").await;
    page.wait_text(".palette [role=option]", "研究").await;
    for composing in [", isComposing: true", ", keyCode: 229"] {
        press(&page, "Enter", composing).await;
        assert_eq!(page.count(".palette[open]").await, 1, "{composing}");
        assert_eq!(page.count(".panel").await, 0, "{composing}");
    }
    press(&page, "Enter", "").await;
    page.wait_gone(".palette[open]").await;
}
