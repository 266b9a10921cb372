//! Takes pictures of each screen with 1, 12, 200 and 5,000 workspaces in both themes into `target/pictures/`, with checks that a
//! picture cannot make.

use orrery_tests::agent::Agent;
use orrery_tests::http::Http;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::looks::take;
use crate::page::{Page, press, write};

const MODELS: [&str; 3] = ["anthropic:claude-sonnet-4-6", "openai:gpt-4o", "google:gemini-2.5-pro"];
const ROLES: [&str; 5] = ["Research", "Copywriting", "Outreach", "Quality", "Operations"];

/// Teams of up to 200 with members of every status that needs no time.
async fn people(http: &Http, count: usize) -> Vec<Agent> {
    let mut agents = Vec::new();
    let mut left = count;
    while left > 0 {
        let inside = (left - 1).min(if count > 500 { 199 } else { 7 });
        let number = agents.len() + left;
        let body = json!({"name": format!("Team {number}"), "role": "Lead", "model": MODELS[0]});
        agents.push(Agent::create(http, body).await);
        let team = agents.last().unwrap().id.clone();
        if inside > 0 {
            let member = |at: usize| json!({"name": format!("{} {number}-{at}", ROLES[at % 5]), "role": ROLES[at % 5], "tier": at % 4 + 1});
            let subs: Vec<Value> = (0..inside).map(member).collect();
            let made =
                http.post(&format!("/workspaces/{team}/expand"), json!({"sub_workspaces": subs})).await.expect(200);
            let ids = made["sub_workspace_ids"].as_array().unwrap();
            let has_agent = |at: usize| at % 7 != 6 && (count < 500 || at % 20 < 3 || at == 3);
            for (at, id) in ids.iter().enumerate().filter(|(at, _)| has_agent(*at)) {
                let agent = Agent::register(http, id.as_str().unwrap(), None).await;
                http.post(&format!("/workspaces/{}/agent", agent.id), json!({"model": MODELS[at % 3]}))
                    .await
                    .expect(200);
                match at % 5 {
                    1 => {
                        agent
                            .send_heartbeat(json!({"current_task": "Reads the quarterly report", "active_tasks": 2}))
                            .await
                    }
                    3 if number.is_multiple_of(2) => {
                        agent
                            .send_heartbeat(
                                json!({"error_rate": 0.8, "sample_error": "anthropic API rate limit exceeded"}),
                            )
                            .await;
                    }
                    _ => {}
                }
                agents.push(agent);
            }
        }
        left -= inside + 1;
    }
    agents
}

async fn in_both_themes(page: &Page, name: &str) {
    for theme in ["light", "dark"] {
        page.browser.prefer_color_scheme(theme).await;
        take(page, &format!("screens/{name}-{theme}.png")).await;
    }
}

async fn screens(count: usize) {
    let server = Server::start_with(&["--heartbeat-ttl", "1h", "--provision-timeout", "1h"]).await;
    let _agents = people(&server.http(), count).await;
    let page = Page::open(&server).await;
    let known = async || page.state().await["count"].as_u64().unwrap_or(0);
    wait::until("the fleet", known, |seen| *seen == count as u64).await;
    page.wait_for(".search").await;
    in_both_themes(&page, &format!("{count}-canvas")).await;
    press(&page, "k", ", ctrlKey: true").await;
    write(&page, ".palette input", "re").await;
    page.wait_for(".palette [role=option]").await;
    in_both_themes(&page, &format!("{count}-palette")).await;
    page.evaluate("document.querySelector('.palette').close()").await;
    page.wait_gone(".palette").await;
    press(&page, "/", "").await;
    write(&page, "[name=filter-text]", "research").await;
    in_both_themes(&page, &format!("{count}-filter")).await;
    press(&page, "Escape", "").await;
    page.wait_gone(".filter-bar").await;
    press(&page, "n", "").await;
    in_both_themes(&page, &format!("{count}-problem")).await;
    press(&page, "Escape", "").await;
    press(&page, "a", ", ctrlKey: true").await;
    if count > 1 {
        page.wait_for(".bulk").await;
    }
    in_both_themes(&page, &format!("{count}-selected")).await;
    page.click(".activity-feed-button").await;
    page.wait_for(".activity-feed").await;
    in_both_themes(&page, &format!("{count}-activity-feed")).await;
}

#[tokio::test]
async fn one() {
    screens(1).await;
}

#[tokio::test]
async fn twelve() {
    screens(12).await;
}

#[tokio::test]
async fn two_hundred() {
    screens(200).await;
}

#[tokio::test]
async fn five_thousand() {
    screens(5000).await;
}
