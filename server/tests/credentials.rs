//! Every route against every credential that must not count, and sockets whose credential ends. The routes are read from
//! the table of the server itself, so a new one is tested unasked. Never what a good credential may do (`access`).

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::sockets::client::{Client, Heard};
use crate::support::{Answer, Server};

pub const ADMIN: &str = "the-operators-own-token";

/// What anybody may ask: is it up, and must I sign in?
const PUBLIC: &[(&str, &str)] = &[
    ("GET", "/health"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/session"),
    ("POST", "/session"),
    ("DELETE", "/session"),
];

/// `(method, path)` of every line of the table.
pub fn routes() -> Vec<(&'static str, String)> {
    let table = include_str!("../src/routes/mod.rs");
    let lines = table.lines().filter_map(|line| line.trim().strip_prefix(".route(\""));
    let mut routes = Vec::new();
    for line in lines {
        let (path, calls) = line.split_once('"').unwrap();
        let path = path.replace("{id}", "some").replace("{step}", "step");
        for (call, method) in
            [("get(", "GET"), ("post(", "POST"), ("put(", "PUT"), ("patch(", "PATCH"), ("delete(", "DELETE")]
        {
            if calls.contains(&format!(" {call}")) || calls.contains(&format!(".{call}")) {
                routes.push((method, path.clone()));
            }
        }
    }
    assert!(routes.len() > 50, "the table is written otherwise now: {}", routes.len());
    routes
}

pub async fn secured() -> Server {
    Server::with(|config| config.admin_token = Some(ADMIN.into())).await
}

pub async fn operate(server: &Server, method: Method, path: &str, body: Value) -> Value {
    Answer::of(server.request(method, path).bearer_auth(ADMIN).json(&body)).await.ok()
}

pub async fn workspace(server: &Server) -> (String, String) {
    let answer = operate(server, Method::POST, "/workspaces", json!({ "name": "A" })).await;
    (answer["id"].as_str().unwrap().to_owned(), answer["auth_token"].as_str().unwrap().to_owned())
}

/// Signs in and answers with `name=value`.
pub async fn cookie(server: &Server) -> String {
    let answer = Answer::of(server.request(Method::POST, "/session").json(&json!({ "token": ADMIN }))).await;
    let set = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    answer.ok();
    set.split(';').next().unwrap().to_owned()
}

pub async fn sign_out(server: &Server, cookie: &str) {
    Answer::of(server.request(Method::DELETE, "/session").header("cookie", cookie)).await.ok();
}

/// One of each kind that does not count (any more).
async fn that_do_not_count(server: &Server) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let (id, revoked) = workspace(server).await;
    operate(server, Method::DELETE, &format!("/workspaces/{id}/token"), Value::Null).await;
    let (replaced_id, replaced) = workspace(server).await;
    operate(server, Method::POST, &format!("/workspaces/{replaced_id}/token"), Value::Null).await;
    let (gone, removed) = workspace(server).await;
    operate(server, Method::DELETE, &format!("/workspaces/{gone}"), Value::Null).await;
    let signed_out = cookie(server).await;
    sign_out(server, &signed_out).await;
    let good = cookie(server).await;
    let (until, rest) = good.split_once('.').unwrap();
    let longer = format!("{}9.{rest}", until);
    let other = Server::with(|config| config.admin_token = Some("another-operators-token".into())).await;
    let answer =
        Answer::of(other.request(Method::POST, "/session").json(&json!({ "token": "another-operators-token" })));
    let elsewhere = answer.await.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let bearer = |token: &str| vec![("authorization", format!("Bearer {token}"))];
    let with_cookie = |text: String| vec![("cookie", text)];
    vec![
        ("omitted", vec![]),
        ("the header that only narrows", vec![("x-workspace-id", replaced_id)]),
        ("guessed", bearer("guessed-guessed-guessed")),
        ("empty", bearer("")),
        ("the admin token and more", bearer(&format!("{ADMIN}x"))),
        ("a part of the admin token", bearer(&ADMIN[..ADMIN.len() - 1])),
        ("another scheme", vec![("authorization", format!("Basic {ADMIN}"))]),
        ("the admin token as a cookie", with_cookie(format!("{}={ADMIN}", good.split_once('=').unwrap().0))),
        ("revoked", bearer(&revoked)),
        ("replaced", bearer(&replaced)),
        ("of a removed workspace", bearer(&removed)),
        ("a guess beside a good cookie", [bearer("guessed"), with_cookie(good.clone())].concat()),
        ("signed out", with_cookie(signed_out)),
        ("a cookie made to last longer", with_cookie(longer)),
        ("a cookie cut short", with_cookie(good[..good.len() - 1].to_owned())),
        ("a cookie of another server", with_cookie(elsewhere)),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_route_takes_a_credential_that_does_not_count() {
    let server = secured().await;
    let own = format!("http://{}", server.running.addr);
    let routes = routes();
    for (what, headers) in that_do_not_count(&server).await {
        for (method, path) in routes.iter().filter(|(method, path)| !PUBLIC.contains(&(*method, path))) {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            if path.starts_with("/ws") {
                let refused = Client::open(&server, path, &headers).await.err();
                assert_eq!(refused.map(|(status, _)| status), Some(401), "{what}: {path}");
                // A page cannot read that, so it is told on the socket.
                let of_a_page = [headers.as_slice(), &[("origin", &own)]].concat();
                let mut shown_out = Client::open(&server, path, &of_a_page).await.ok().unwrap();
                assert!(matches!(shown_out.hear().await, Heard::Closed(4500, _)), "{what}: {path}");
                continue;
            }
            let mut request = server.request(method.parse().unwrap(), path).json(&json!({}));
            for (name, value) in headers {
                request = request.header(name, value);
            }
            let answer = Answer::of(request).await;
            assert_eq!(answer.status, 401, "{what}: {method} {path}: {}", answer.body);
            assert!(answer.body["error"].is_string());
        }
    }
}

#[tokio::test]
async fn an_agents_token_opens_its_own_socket_and_no_stream() {
    let server = secured().await;
    let (id, token) = workspace(&server).await;
    let bearer = format!("Bearer {token}");
    for (_, path) in routes().iter().filter(|(_, path)| path.starts_with("/ws")) {
        let opened = Client::open(&server, path, &[("authorization", bearer.as_str())]).await;
        assert_eq!(opened.err().map(|(status, _)| status), (path != "/ws").then_some(403), "{path}");
        let opened =
            Client::open(&server, path, &[("authorization", bearer.as_str()), ("x-workspace-id", "other")]).await;
        assert_eq!(opened.err().map(|(status, _)| status), Some(403), "{path}");
    }
    let own = [("authorization", bearer.as_str()), ("x-workspace-id", &id)];
    assert!(Client::open(&server, "/ws", &own).await.is_ok());
}

#[tokio::test]
async fn a_canvas_signs_in_once_and_out_for_good() {
    let server = secured().await;
    let own = format!("http://{}", server.running.addr);
    let ask = |token: &str| Answer::of(server.request(Method::POST, "/session").json(&json!({ "token": token })));
    let state = server.get("/session").await.ok();
    assert_eq!(state, json!({ "secured": true, "signed_in": false, "until": null }));
    let refused = ask("wrong").await;
    assert!(refused.headers.get("set-cookie").is_none());
    assert_eq!(refused.headers["connection"], "close", "a guess costs a connection");
    refused.refused(401);
    let (_, agents) = workspace(&server).await;
    assert!(ask(&agents).await.refused(403).contains("admin token"));

    let answer = ask(ADMIN).await;
    let set = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=43200"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Secure") && !set.contains(ADMIN));
    assert_eq!(answer.ok()["signed_in"], true);
    let proxied = server.request(Method::POST, "/session").header("x-forwarded-proto", "https");
    let proxied = Answer::of(proxied.json(&json!({ "token": ADMIN }))).await;
    assert!(proxied.headers["set-cookie"].to_str().unwrap().ends_with("; Secure"));

    let cookie = set.split(';').next().unwrap();
    let rows = async || Answer::of(server.request(Method::GET, "/workspaces").header("cookie", cookie)).await;
    assert_eq!(rows().await.status, 200);
    let of_a_page = [("cookie", cookie), ("origin", own.as_str())];
    let mut canvas = Client::open(&server, "/ws?since=", &of_a_page).await.ok().unwrap();
    assert_eq!(canvas.json().await["type"], "hello");
    let mut stream = Client::open(&server, "/ws/stream", &of_a_page).await.ok().unwrap();
    // The cookie comes by itself, so where the page is from decides.
    for evil in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        let refused = Client::open(&server, "/ws", &[("cookie", cookie), ("origin", evil)]).await;
        assert_eq!(refused.err().map(|(status, _)| status), Some(403), "{evil}");
        let post = server.request(Method::POST, "/workspaces").header("cookie", cookie).header("origin", evil);
        Answer::of(post.json(&json!({ "name": "x" }))).await.refused(403);
    }

    sign_out(&server, cookie).await;
    for socket in [&mut canvas, &mut stream] {
        let (_, end) = socket.all().await;
        assert!(matches!(end, Heard::Closed(4500, _)), "{end:?}");
    }
    assert_eq!(rows().await.status, 401);
    let folder = server.stop().await;
    let server = Server::again(folder, |config| config.admin_token = Some(ADMIN.into())).await;
    let again = Answer::of(server.request(Method::GET, "/workspaces").header("cookie", cookie)).await;
    assert_eq!(again.status, 401, "signed out is signed out, after a restart too");
}

#[tokio::test]
async fn a_sign_in_survives_a_restart_and_ends_by_itself() {
    let server = secured().await;
    let kept = cookie(&server).await;
    let folder = server.stop().await;
    let server = Server::again(folder, |config| config.admin_token = Some(ADMIN.into())).await;
    let rows = server.request(Method::GET, "/workspaces").header("cookie", &kept);
    Answer::of(rows).await.ok();

    let brief = Server::with(|config| {
        config.admin_token = Some(ADMIN.into());
        config.sign_in_holds = Duration::from_secs(5);
    });
    let server = brief.await;
    let cookie = cookie(&server).await;
    let mut canvas = Client::open(&server, "/ws?since=", &[("cookie", &cookie)]).await.ok().unwrap();
    assert_eq!(canvas.json().await["type"], "hello");
    let (_, end) = canvas.all().await;
    assert!(matches!(end, Heard::Closed(4500, _)), "{end:?}");
    let late = Answer::of(server.request(Method::GET, "/workspaces").header("cookie", &cookie)).await;
    assert!(late.refused(401).contains("sign in again"));
}

#[tokio::test]
async fn a_token_that_is_revoked_or_replaced_takes_its_sockets_with_it() {
    let server = secured().await;
    let (id, first) = workspace(&server).await;
    let (_, other) = workspace(&server).await;
    let open =
        async |token: &str| Client::open(&server, "/ws?since=", &[("authorization", &format!("Bearer {token}"))]).await;
    let mut bystander = open(&other).await.ok().unwrap();
    let mut old = open(&first).await.ok().unwrap();
    let answer = operate(&server, Method::POST, &format!("/workspaces/{id}/token"), Value::Null).await;
    let second = answer["auth_token"].as_str().unwrap();
    assert!(matches!(old.all().await.1, Heard::Closed(4500, _)));
    assert_eq!(open(&first).await.err().map(|(status, _)| status), Some(401));
    let mut new = open(second).await.ok().unwrap();
    operate(&server, Method::DELETE, &format!("/workspaces/{id}/token"), Value::Null).await;
    assert!(matches!(new.all().await.1, Heard::Closed(4500, _)));
    assert_eq!(open(second).await.err().map(|(status, _)| status), Some(401));
    // Others hear on.
    assert_eq!(bystander.json().await["type"], "hello");
    let (seen, _) = workspace(&server).await;
    assert_eq!(bystander.events(1).await[0]["workspace_id"], seen);
    let unknown = server.request(Method::DELETE, "/workspaces/unknown/token").bearer_auth(ADMIN);
    Answer::of(unknown).await.refused(404);
}

#[tokio::test]
async fn in_open_mode_nobody_signs_in() {
    let server = Server::start().await;
    assert_eq!(server.get("/session").await.ok()["secured"], false);
    let refused = server.post("/session", json!({ "token": "x" })).await.refused(409);
    assert!(refused.contains("no admin token"), "{refused}");
    let name = format!("orrery_session_{}", "0".repeat(16));
    let cookie = server.request(Method::GET, "/workspaces").header("cookie", format!("{name}=1.2.3"));
    Answer::of(cookie).await.ok();
}
