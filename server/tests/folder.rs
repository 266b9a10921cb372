//! A server's own folder: what lies in it, and that it is nobody else's. Never with another engine than SQLite.

use orrery_server::config::Config;
use orrery_server::log::LogError;
use orrery_server::{StartError, start};
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Server};

const ADMIN: &str = "the-operators-own-token";

#[tokio::test]
async fn a_token_is_told_once_and_kept_as_its_hash() {
    let secure = |config: &mut Config| config.admin_token = Some(ADMIN.into());
    let server = Server::with(secure).await;
    let create = server.request(Method::POST, "/workspaces").bearer_auth(ADMIN).json(&json!({ "name": "A" }));
    let made = Answer::of(create).await.ok();
    let (id, token) = (made["id"].as_str().unwrap().to_owned(), made["auth_token"].as_str().unwrap().to_owned());
    let folder = server.stop().await;
    let mut kept = Vec::new();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        kept.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let holds = |text: &str| kept.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds(&id) && !holds(&token) && !holds(ADMIN));
    let server = Server::again(folder, secure).await;
    Answer::of(server.request(Method::GET, &format!("/workspaces/{id}")).bearer_auth(&token)).await.ok();
}

#[tokio::test]
async fn a_server_does_not_start_where_it_would_do_harm() {
    let server = Server::start().await;
    let same_folder = start(Config::in_folder(server.folder.path())).await;
    assert!(matches!(same_folder, Err(StartError::Log(LogError::InUse(_)))));
    let mut open = Config::in_folder(server.folder.path().join("other"));
    open.listen = ([0, 0, 0, 0], 0).into();
    let error = start(open).await.err().unwrap().to_string();
    assert!(error.contains("--admin-token"), "{error}");
}
