//! Which addresses agents and `http` steps are called at, after names are resolved and at each redirect.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use axum::Router;
use axum::http::{StatusCode, header::LOCATION};
use axum::routing::{any, post};
use orrery_server::config::Config;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{ask, ended, execute, step, step_of};
use crate::support::Server;

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

/// Answers each path with a redirect to what follows in it, as `/302/http://x/`.
async fn redirector() -> String {
    let redirect = async |axum::extract::Path((status, to)): axum::extract::Path<(u16, String)>| {
        (StatusCode::from_u16(status).unwrap(), [(LOCATION, to)])
    };
    serve(Router::new().route("/{status}/{*to}", any(redirect))).await
}

/// Runs one `http` step for each URL and returns the execution at its end.
async fn get_all(server: &Server, urls: &[String]) -> Value {
    let steps = urls.iter().map(|url| step(url, "http", json!({ "url": url, "method": "GET" }), &[]));
    let id = execute(server, steps.collect(), json!({})).await;
    ended(server, &id).await
}

fn metadata_by_name(config: &mut Config) {
    config.outgoing.resolve = vec![("metadata.test".into(), "169.254.169.254".parse().unwrap())];
}

#[tokio::test(flavor = "multi_thread")]
async fn link_local_and_metadata_addresses_are_never_called() {
    let server = Server::with(metadata_by_name).await;
    let redirector = redirector().await;
    let direct = [
        "http://169.254.169.254/latest/meta-data",
        "http://2852039166/",
        "http://0xa9.0xfe.0xa9.0xfe/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/latest",
        "http://100.100.100.200/",
        "http://0.0.0.0:1/",
        "http://[::]:1/",
        "http://metadata.test/",
    ];
    let redirected =
        direct.iter().flat_map(|url| [302, 303, 307].map(|status| format!("http://{redirector}/{status}/{url}")));
    let urls: Vec<String> = direct.iter().map(|url| (*url).to_owned()).chain(redirected).collect();
    let done = get_all(&server, &urls).await;
    for url in &urls {
        let error = step_of(&done, url)["error_message"].as_str().unwrap_or_else(|| panic!("{url} was called"));
        assert!(error.contains("is a link-local, metadata or reserved address"), "{url}: {error}");
    }
    let variable = step("later", "http", json!({ "url": "http://${host}/" }), &[]);
    let id = execute(&server, json!([variable]), json!({ "host": "metadata.test" })).await;
    let error = step_of(&ended(&server, &id).await, "later")["error_message"].clone();
    assert!(error.as_str().unwrap().contains("--allow-outgoing"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_at_forbidden_addresses_are_not_called() {
    let server = Server::with(metadata_by_name).await;
    for (name, url) in [("a", "http://169.254.169.254/"), ("b", "http://metadata.test/"), ("c", "http://[fe80::1]/")] {
        let id = server.named(name).await;
        let registration = json!({ "id": id, "url": url, "agent_card": { "name": name } });
        server.post("/registry/register", registration).await.ok();
        let execution = execute(&server, json!([ask("ask", &id, "hello", &[])]), json!({})).await;
        let error = step_of(&ended(&server, &execution).await, "ask")["error_message"].clone();
        assert!(error.as_str().unwrap().contains("metadata or reserved address"), "{url}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn private_addresses_can_be_forbidden_and_named_ones_allowed() {
    let target = serve(Router::new().route("/", any(async || "reached"))).await;
    let port = target.rsplit_once(':').unwrap().1.to_owned();
    let urls = [
        format!("http://{target}/"),
        format!("http://localhost:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
    ];
    let reached = async |set: fn(&mut Config)| {
        let server = Server::with(set).await;
        let done = get_all(&server, &urls[..2]).await;
        urls[..2].iter().map(|url| step_of(&done, url)["status"] == "completed").collect::<Vec<_>>()
    };
    assert_eq!(reached(|_| {}).await, [true, true]);
    assert_eq!(reached(|config| config.outgoing.forbid_private = true).await, [false, false]);
    let by_name = |config: &mut Config| {
        config.outgoing.forbid_private = true;
        config.outgoing.allow = vec!["localhost".parse().unwrap()];
    };
    assert_eq!(reached(by_name).await, [false, true]);
    let by_network = |config: &mut Config| {
        config.outgoing.forbid_private = true;
        config.outgoing.allow = vec!["127.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()];
    };
    assert_eq!(reached(by_network).await, [true, true]);

    let server = Server::with(|config| config.outgoing.forbid_private = true).await;
    let done = get_all(&server, &urls).await;
    for url in &urls {
        let error = step_of(&done, url)["error_message"].as_str().unwrap().to_owned();
        assert!(error.contains("is a loopback or private address"), "{url}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_cannot_redirect_the_server_elsewhere() {
    let secrets = Arc::new(AtomicUsize::new(0));
    let count = secrets.clone();
    let secret = serve(Router::new().fallback(any(async move || {
        count.fetch_add(1, Relaxed);
        r#"{"result":{"kind":"message","role":"agent","parts":[{"kind":"text","text":"the secret"}]}}"#
    })))
    .await;
    let redirector = redirector().await;
    let answer = r#"{"result":{"kind":"message","role":"agent","parts":[{"kind":"text","text":"after the slash"}]}}"#;
    let slash = async || (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, "/a2a/")]);
    let own = serve(Router::new().route("/a2a", post(slash)).route("/a2a/", post(async move || answer))).await;

    let server = Server::start().await;
    for status in [301, 302, 303, 307, 308] {
        let id = server.named(&status.to_string()).await;
        let url = format!("http://{redirector}/{status}/http://{secret}/internal");
        let registration = json!({ "id": id, "url": url, "agent_card": { "name": "a" } });
        server.post("/registry/register", registration).await.ok();
        let execution = execute(&server, json!([ask("ask", &id, "hello", &[])]), json!({})).await;
        let error = step_of(&ended(&server, &execution).await, "ask")["error_message"].as_str().unwrap().to_owned();
        assert!(error.contains(&format!("redirects (status {status}")), "{error}");
        assert!(error.contains(&format!("to http://{secret}/internal")), "{error}");
        let activity = server.get(&format!("/workspaces/{id}/activity")).await.ok();
        assert!(!activity.to_string().contains("the secret"), "{activity}");
    }
    assert_eq!(secrets.load(Relaxed), 0);

    let id = server.named("own").await;
    let registration = json!({ "id": id, "url": format!("http://{own}/a2a"), "agent_card": { "name": "a" } });
    server.post("/registry/register", registration).await.ok();
    let execution = execute(&server, json!([ask("ask", &id, "hello", &[])]), json!({})).await;
    assert_eq!(step_of(&ended(&server, &execution).await, "ask")["output_data"]["text"], "after the slash");
}
