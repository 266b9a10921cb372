//! Two servers on one log: a credential that ends on the one ends on the other, within a moment. Never what else they owe
//! to each other.

use std::time::Duration;

use orrery_server::config::Config;
use orrery_tests::postgres::Postgres;
use reqwest::Method;
use serde_json::{Value, json};

use crate::sockets::client::{Client, Heard, PATIENCE};
use crate::support::{Answer, Server};

const ADMIN: &str = "the-operators-own-token";

async fn on(url: &str) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::in_folder(folder.path());
    config.database_url = Some(url.into());
    config.admin_token = Some(ADMIN.into());
    let running = orrery_server::start(config).await.unwrap();
    Server { running, client: reqwest::Client::new(), folder }
}

async fn status(server: &Server, name: &'static str, credential: &str) -> u16 {
    let header = server.request(Method::GET, "/registry/somebody/peers").header(name, credential);
    Answer::of(header).await.status
}

async fn until_refused(server: &Server, name: &'static str, credential: &str) {
    let look = async {
        while status(server, name, credential).await != 401 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, look).await.expect("it still counts");
}

#[tokio::test]
async fn what_is_revoked_here_is_revoked_there() {
    let url = Postgres::of_this_process().await.database("elsewhere").await;
    let (here, there) = (on(&url).await, on(&url).await);
    let made = here.request(Method::POST, "/workspaces").bearer_auth(ADMIN).json(&json!({ "name": "A" }));
    let made = Answer::of(made).await.ok();
    let (id, bearer) = (made["id"].as_str().unwrap(), format!("Bearer {}", made["auth_token"].as_str().unwrap()));
    // The other server hears of the token in a moment.
    let known = async {
        loop {
            match Client::open(&there, "/ws?since=", &[("authorization", &bearer)]).await {
                Ok(agent) => return agent,
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    let mut agent = tokio::time::timeout(PATIENCE, known).await.expect("the token is never known there");
    assert_eq!(agent.json().await["type"], "hello");

    let answer = Answer::of(here.request(Method::POST, "/session").json(&json!({ "token": ADMIN }))).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    // A sign-in counts everywhere at once.
    let mut canvas = Client::open(&there, "/ws?since=", &[("cookie", &cookie)]).await.ok().unwrap();
    assert_eq!(canvas.json().await["type"], "hello");

    let revoke = here.request(Method::DELETE, &format!("/workspaces/{id}/token")).bearer_auth(ADMIN);
    Answer::of(revoke.json(&Value::Null)).await.ok();
    assert!(matches!(agent.all().await.1, Heard::Closed(4500, _)));
    until_refused(&there, "authorization", &bearer).await;

    Answer::of(here.request(Method::DELETE, "/session").header("cookie", &cookie)).await.ok();
    assert!(matches!(canvas.all().await.1, Heard::Closed(4500, _)));
    until_refused(&there, "cookie", &cookie).await;
}
