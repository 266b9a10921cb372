//! A server's own folder: what lies in it, and that it is nobody else's. Never with another engine than SQLite.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use orrery_server::config::Config;
use orrery_server::log::LogError;
use orrery_server::{StartError, start};
use reqwest::Method;
use serde_json::json;

use crate::binary::Binary;
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

/// What lies in a folder, in order.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn a_second_server_is_refused_also_without_the_lock_file() {
    let server = Server::start().await;
    let lock = server.folder.path().join("orrery.lock");
    fs::remove_file(&lock).unwrap();
    let second = start(Config::in_folder(server.folder.path())).await;
    assert!(matches!(second, Err(StartError::Log(LogError::InUse(_)))));
    // Nor with one that nobody has locked.
    fs::write(&lock, "").unwrap();
    let words = Binary::refused(server.folder.path()).await;
    assert!(words.contains("another server uses the folder"), "{words}");
    server.named("A").await;
}

#[tokio::test]
async fn only_the_servers_user_reads_the_folder_whatever_the_umask_is() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("data");
    let mut server = Binary::start_after("umask 0", &folder).await;
    server.post("/workspaces", json!({ "name": "A" })).await.unwrap();
    assert_eq!(mode(&folder), 0o700);
    let names = files(&folder);
    assert_eq!(names, ["orrery.db", "orrery.db-shm", "orrery.db-wal", "orrery.epoch", "orrery.lock"]);
    names.iter().for_each(|name| assert_eq!(mode(&folder.join(name)), 0o600, "{name}"));
    server.kill().await;

    // A database that was copied here may have any mode; the folder keeps its owner's.
    fs::set_permissions(folder.join("orrery.db"), Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o750)).unwrap();
    let server = Server::again(parent, |config| config.data_dir = folder.clone()).await;
    assert_eq!((mode(&folder.join("orrery.db")), mode(&folder)), (0o600, 0o750));
    server.stop().await;
}

#[tokio::test]
async fn a_stop_leaves_one_complete_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Binary::start(folder.path()).await;
    for n in 0..20 {
        server.post("/workspaces", json!({ "name": n.to_string() })).await.unwrap();
    }
    let log = server.log().await;
    server.stop().await;
    assert_eq!(files(folder.path()), ["orrery.db", "orrery.epoch", "orrery.lock"]);
    let elsewhere = tempfile::tempdir().unwrap();
    fs::copy(folder.path().join("orrery.db"), elsewhere.path().join("orrery.db")).unwrap();
    assert_eq!(Binary::start(elsewhere.path()).await.log().await, log);
}

#[tokio::test]
async fn a_log_that_is_gone_is_not_begun_anew_unasked() {
    let server = Server::start().await;
    let id = server.named("A").await;
    let folder = server.stop().await;
    let (database, away) = (folder.path().join("orrery.db"), folder.path().join("away"));
    let refused = async |what: &str| {
        let words = Binary::refused(folder.path()).await;
        assert!(words.contains(what) && words.contains("restore a backup"), "{words}");
        assert!(words.contains("orrery.epoch") && words.contains("to begin with an empty log"), "{words}");
    };
    fs::rename(&database, &away).unwrap();
    refused("orrery.db is missing").await;
    fs::write(&database, "").unwrap();
    refused("there is no log in").await;
    fs::remove_file(&database).unwrap();
    // A database, but not a log.
    let url = format!("sqlite://{}?mode=rwc", database.display());
    let mut other = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.unwrap();
    sqlx::query("CREATE TABLE t (n INTEGER)").execute(&mut other).await.unwrap();
    sqlx::Connection::close(other).await.unwrap();
    refused("there is no log in").await;

    // No database at all.
    fs::write(&database, "garbage".repeat(1000)).unwrap();
    let words = Binary::refused(folder.path()).await;
    assert!(words.contains(&format!("{} cannot be opened as the event log", database.display())), "{words}");

    fs::remove_file(&database).unwrap();
    fs::rename(&away, &database).unwrap();
    let server = Server::again(folder, |_| {}).await;
    assert_eq!(server.row(&id).await["name"], "A");
    let folder = server.stop().await;

    // On purpose.
    fs::remove_file(folder.path().join("orrery.db")).unwrap();
    fs::remove_file(folder.path().join("orrery.epoch")).unwrap();
    assert_eq!(Server::again(folder, |_| {}).await.head().await, 0);
}

#[tokio::test]
async fn a_write_ahead_file_without_its_database_is_not_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Binary::start(folder.path()).await;
    server.post("/workspaces", json!({ "name": "A" })).await.unwrap();
    server.kill().await;
    for name in ["orrery.db", "orrery.epoch"] {
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    let words = Binary::refused(folder.path()).await;
    assert!(words.contains("orrery.db-wal shows that a log was there"), "{words}");
    assert!(folder.path().join("orrery.db-wal").exists());
}
