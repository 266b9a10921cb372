//! Tests of a secured server: sign-in, the cookie that no script can read, and its expiry.

use orrery_tests::browser::Browser;
use orrery_tests::server::Server;
use serde_json::json;

use crate::access::fine;
use crate::looks::take;
use crate::page::{Page, card};

const ADMIN: &str = "the-operators-own-token";

async fn open(server: &Server) -> Page {
    let browser = Browser::open(1280, 800).await;
    browser.goto(&server.url("/")).await.unwrap();
    browser.wait_for(".sign-in").await;
    Page { browser }
}

async fn sign_in(page: &Page, token: &str) {
    let field = page.wait_for("#admin-token").await;
    field.clear().await.unwrap();
    field.send_keys(token).await.unwrap();
    page.click("form button[type=submit]").await;
}

#[tokio::test]
async fn an_operator_signs_in_once_and_signs_out() {
    let server = Server::start_with(&["--admin-token", ADMIN]).await;
    let operator = server.http().with_token(ADMIN);
    let first = operator.post("/workspaces", json!({"name": "The first"})).await.expect(201);
    let page = open(&server).await;
    fine(&page, "sign-in").await;
    page.resize(390, 844).await;
    take(&page, "sign-in-390-dark.png").await;
    page.resize(1280, 800).await;
    sign_in(&page, "not-the-operators-token").await;
    page.wait_text(".problem", "This is not the admin token").await;
    take(&page, "sign-in-refused-dark.png").await;
    page.prefer_color_scheme("light").await;
    take(&page, "sign-in-refused-light.png").await;
    assert_eq!(page.count(".card").await, 0);

    sign_in(&page, ADMIN).await;
    page.ready().await;
    page.wait_for(&card(first["id"].as_str().unwrap())).await;
    // The socket hears what happens, and what the person does is allowed.
    let second = operator.post("/workspaces", json!({"name": "The second"})).await.expect(201);
    page.wait_for(&card(second["id"].as_str().unwrap())).await;
    let renamed = "fetch('/workspaces/ID', {method: 'PATCH', headers: {'content-type': 'application/json'},
        body: JSON.stringify({name: 'Renamed'})}).then(it => it.status)"
        .replace("ID", second["id"].as_str().unwrap());
    assert_eq!(page.evaluate(&renamed).await, 200);
    page.wait_text(&card(second["id"].as_str().unwrap()), "Renamed").await;
    take(&page, "signed-in-1280.png").await;
    page.resize(390, 844).await;
    take(&page, "signed-in-390.png").await;
    page.resize(1280, 800).await;

    // Nothing that a script or a look over the shoulder could take.
    let seen = "document.cookie + location.href + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)
        + document.documentElement.outerHTML";
    let seen = page.evaluate(seen).await;
    assert!(!seen.as_str().unwrap().contains(ADMIN) && !seen.as_str().unwrap().contains("orrery_session"));
    page.refresh().await.unwrap();
    page.ready().await;
    page.wait_for(&card(first["id"].as_str().unwrap())).await;

    page.click("[aria-label='Sign out']").await;
    page.wait_for(".sign-in").await;
    assert_eq!(page.count(".card").await, 0, "what was shown is for who signed in");
    assert_eq!(page.count("[aria-label='Sign out']").await, 0);
    page.refresh().await.unwrap();
    page.wait_for(".sign-in").await;
    assert!(!server.log().contains(ADMIN), "no token in a log");
}

#[tokio::test]
async fn an_expired_sign_in_is_requested_again_over_the_fleet() {
    let server = Server::start_with(&["--admin-token", ADMIN, "--sign-in-holds", "12s"]).await;
    let operator = server.http().with_token(ADMIN);
    let first = operator.post("/workspaces", json!({"name": "The first"})).await.expect(201);
    let page = open(&server).await;
    sign_in(&page, ADMIN).await;
    let first = card(first["id"].as_str().unwrap());
    page.wait_for(&first).await;
    page.wait_text(".connection-banner", "You are signed out").await;
    assert_eq!(page.count(&first).await, 1, "the fleet is still shown, as of when it was true");
    take(&page, "sign-in-over.png").await;
    page.click(".connection-banner button").await;
    page.wait_for("dialog[open]").await;
    take(&page, "sign-in-again.png").await;
    let second = operator.post("/workspaces", json!({"name": "Meanwhile"})).await.expect(201);
    sign_in(&page, ADMIN).await;
    page.wait_gone("dialog[open]").await;
    page.wait_for(&card(second["id"].as_str().unwrap())).await;
}
