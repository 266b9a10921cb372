//! Under which names a server answers: in open mode only under its own, so that no foreign page can reach it.

use reqwest::Method;
use serde_json::json;

use crate::sockets::client::Client;
use crate::support::{Answer, Server};

async fn under(server: &Server, host: &str, method: Method, path: &str) -> Answer {
    Answer::of(server.request(method, path).header("host", host).json(&json!({ "name": "A" }))).await
}

#[tokio::test]
async fn in_open_mode_foreign_names_are_refused() {
    let server = Server::with(|config| {
        config.allow_origin = vec!["https://canvas.example".into()];
        config.allow_host = vec!["orrery.example".into()];
    });
    let server = server.await;
    let port = server.running.addr.port();
    for foreign in ["evil.example".to_owned(), format!("evil.example:{port}"), "127.0.0.1.evil.example".into()] {
        for (method, path) in [
            (Method::GET, "/"),
            (Method::GET, "/workspaces"),
            (Method::GET, "/snapshot"),
            (Method::POST, "/workspaces"),
            (Method::GET, "/health/live"),
            (Method::GET, "/no-such-path"),
        ] {
            let words = under(&server, &foreign, method.clone(), path).await.refused(421);
            assert!(words.contains("--allow-host"), "{foreign} {method} {path}: {words}");
        }
        // A page is of the name in its address, so its origin is that of the server in its eyes.
        let headers = [("host", foreign.as_str()), ("origin", &format!("http://{foreign}"))];
        for path in ["/ws", "/ws?since=", "/ws/stream"] {
            let refused = Client::open(&server, path, &headers).await.err().map(|(status, _)| status);
            assert_eq!(refused, Some(421), "{foreign} {path}");
        }
    }
    assert_eq!(server.get("/workspaces").await.ok(), json!([]), "nothing was created");
    for own in ["localhost", "tenant.localhost:1", "127.1.2.3", "[::1]:8000", "canvas.example", "orrery.example:8443"] {
        under(&server, own, Method::GET, "/workspaces").await.ok();
        assert!(Client::open(&server, "/ws", &[("host", own)]).await.is_ok(), "{own}");
    }
}

#[tokio::test]
async fn with_an_admin_token_any_name_is_fine_and_nothing_without_a_credential() {
    let server = Server::with(|config| config.admin_token = Some("the-operators-own-token".into())).await;
    let request = server.request(Method::GET, "/workspaces").header("host", "orrery.example");
    Answer::of(request.bearer_auth("the-operators-own-token")).await.ok();
    under(&server, "orrery.example", Method::GET, "/workspaces").await.refused(401);
}
