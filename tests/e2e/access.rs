//! Checks every screen in both themes with axe-core.

use orrery_tests::axe;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::json;

use crate::looks::take;
use crate::page::{Page, card, key};

/// In both themes; each is a picture, too.
pub async fn fine(page: &Page, screen: &str) {
    let mut found = Vec::new();
    for theme in ["light", "dark"] {
        page.prefer_color_scheme(theme).await;
        take(page, &format!("axe-{screen}-{theme}.png")).await;
        found.extend(axe::violations(page).await.into_iter().map(|it| format!("{screen}, {theme}: {it}")));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[tokio::test]
async fn an_empty_canvas_is_accessible() {
    let server = Server::start().await;
    let page = Page::open(&server).await;
    page.wait_for(".command").await;
    fine(&page, "empty").await;
    page.resize(390, 844).await;
    fine(&page, "empty-phone").await;
}

#[tokio::test]
async fn fleet_panel_menus_and_dialogs_are_accessible() {
    let mut server = Server::start_with(&["--demo", "12", "--demo-seed", "7", "--provision-timeout", "15s"]).await;
    let page = Page::open(&server).await;
    let known = async || page.state().await["count"].as_u64().unwrap_or(0);
    wait::until("the demo's fleet", known, |count| *count >= 12).await;
    page.wait_for("[data-workspace-id][data-status=failed]").await;
    page.wait_for(".card-task").await;
    page.wait_for("[role=treeitem][tabindex='0'][aria-setsize]").await;
    fine(&page, "fleet").await;
    let failed = page.attribute("[data-status=failed][data-workspace-id]", "data-workspace-id").await.unwrap();
    page.click(&card(&failed)).await;
    page.wait_for(".panel-head").await;
    let tabs = page.count(".panel [role=tab]").await;
    for tab in 0..tabs {
        page.click(&format!("#panel-tab-{tab}")).await;
        fine(&page, &format!("panel-{tab}")).await;
    }
    page.press(key::ESCAPE).await;
    page.wait_gone(".panel").await;
    page.press("?").await;
    page.wait_for("dialog .keys").await;
    fine(&page, "keys").await;
    page.press(key::ESCAPE).await;
    page.wait_gone("dialog").await;
    page.press(&[key::CONTROL, "k", key::RELEASE].concat()).await;
    page.wait_for(".palette[open] [role=option]").await;
    fine(&page, "palette").await;
    page.press(key::ESCAPE).await;
    page.wait_gone(".palette").await;
    page.press("/").await;
    page.wait_for(".filter-bar").await;
    fine(&page, "filter").await;
    page.press(key::ESCAPE).await;
    page.click(".runs-button").await;
    page.wait_for(".runs").await;
    fine(&page, "runs").await;
    page.press(key::ESCAPE).await;
    page.wait_gone(".runs").await;
    page.click("[aria-label='Share, notify, keys']").await;
    page.wait_for("[role=menu] [role=menuitem]").await;
    fine(&page, "menu").await;
    page.press(key::ESCAPE).await;
    page.wait_gone("[role=menu]").await;
    page.resize(390, 844).await;
    page.press("f").await;
    fine(&page, "fleet-phone").await;
    server.kill();
    page.wait_for(".connection-banner").await;
    fine(&page, "not-live-phone").await;
}

#[tokio::test]
async fn a_fleet_of_any_size_is_accessible() {
    let server = Server::start().await;
    let http = server.http();
    for (teams, name) in [(1, "fleet-200"), (24, "fleet-5000")] {
        for team in 0..teams {
            let made = http.post("/workspaces", json!({"name": format!("Team {team}")})).await.expect(201);
            let id = made["id"].as_str().unwrap();
            let subs: Vec<_> = (1..200).map(|at| json!({"name": format!("Member {team}-{at}")})).collect();
            http.post(&format!("/workspaces/{id}/expand"), json!({"sub_workspaces": subs})).await.expect(200);
        }
        let page = Page::open(&server).await;
        page.wait_for("[role=treeitem][tabindex='0'][aria-setsize]").await;
        fine(&page, name).await;
    }
}

#[tokio::test]
async fn reduced_motion_disables_animations() {
    let server = Server::start().await;
    let made = server.http().post("/workspaces", json!({"name": "On its way"})).await.expect(201);
    let page = Page::open(&server).await;
    page.status(made["id"].as_str().unwrap(), "provisioning").await;
    let moving = "document.getAnimations().filter(it => it.effect.getComputedTiming().duration > 0).length";
    wait::until("the spinner to turn", async || page.evaluate(moving).await, |seen| *seen != json!(0)).await;
    let less = json!({"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]});
    page.devtools("Emulation.setEmulatedMedia", less).await;
    wait::until("all to stand still", async || page.evaluate(moving).await, |seen| *seen == json!(0)).await;
    page.click(&card(made["id"].as_str().unwrap())).await;
    page.wait_for(".panel-head").await;
    assert_eq!(page.evaluate(moving).await, json!(0));
}
