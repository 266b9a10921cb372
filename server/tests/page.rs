//! The page as a browser gets it: squeezed, kept or not, and with what it is forbidden. Never the page's own work.

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap};
use serde_json::json;

use crate::support::Server;

const HTML: &str = "<!doctype html><title>t</title>";

async fn server() -> Server {
    let folder = tempfile::tempdir().unwrap().keep();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    write("index.html", HTML.as_bytes());
    write("orrery-754882a641abf14f.js", b"plain");
    write("orrery-754882a641abf14f.js.br", b"brotli");
    write("orrery-754882a641abf14f.js.gz", b"gzip");
    write("orrery-b78bc2b8f2c2297c.wasm", b"\0asm");
    write(".secret", b"secret");
    Server::with(|config| config.dist = Some(folder)).await
}

async fn get(server: &Server, path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, String) {
    let mut request = server.client.get(server.url(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.headers().clone(), response.text().await.unwrap())
}

#[tokio::test]
async fn files_are_squeezed_and_kept_as_long_as_they_are_true() {
    let server = server().await;
    for (accept, encoding, body) in
        [("gzip, br", Some("br"), "brotli"), ("gzip", Some("gzip"), "gzip"), ("identity", None, "plain")]
    {
        let path = "/orrery-754882a641abf14f.js";
        let (status, headers, text) = get(&server, path, &[(ACCEPT_ENCODING.as_str(), accept)]).await;
        assert_eq!((status, text.as_str()), (200, body), "{accept}");
        assert_eq!(headers.get("content-encoding").map(|it| it.to_str().unwrap()), encoding);
        assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(headers["vary"], "accept-encoding");
        let tag = headers["etag"].to_str().unwrap();
        let known = [(ACCEPT_ENCODING.as_str(), accept), ("if-none-match", tag)];
        let (status, headers, text) = get(&server, path, &known).await;
        assert_eq!((status, text.as_str()), (304, ""));
        assert_eq!(headers["etag"], tag);
    }
    let (_, headers, text) = get(&server, "/", &[]).await;
    assert_eq!((text.as_str(), &headers["cache-control"]), (HTML, &"no-cache".parse().unwrap()));
    assert_eq!(get(&server, "/orrery-b78bc2b8f2c2297c.wasm", &[]).await.1["content-type"], "application/wasm");
}

#[tokio::test]
async fn every_address_of_the_page_is_the_page_and_nothing_else_is() {
    let server = server().await;
    let html = [(ACCEPT.as_str(), "text/html,application/xhtml+xml")];
    assert_eq!(get(&server, "/somewhere/inside", &html).await.2, HTML);
    for (path, headers) in [
        ("/somewhere/inside", &[][..]),
        ("/missing.js", &html[..]),
        ("/.secret", &html[..]),
        ("/..%2f..%2fetc/passwd", &html[..]),
    ] {
        let (status, _, text) = get(&server, path, headers).await;
        assert!(!text.contains("secret") && !text.contains("root:"), "{path}: {text}");
        assert!(status == 404 || text == HTML, "{path}: {status} {text}");
    }
    assert_eq!(server.get("/config.json").await.body, json!({}));
    assert_eq!(server.post("/somewhere", json!({})).await.status, 404);
}

#[tokio::test]
async fn every_answer_says_what_is_forbidden() {
    let server = server().await;
    for path in ["/", "/orrery-754882a641abf14f.js", "/workspaces", "/nothing.here", "/ws"] {
        let (_, headers, _) = get(&server, path, &[]).await;
        let policy = headers["content-security-policy"].to_str().unwrap();
        for rule in ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "frame-ancestors 'none'"] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && policy.contains(&format!("ws://{}", server.running.addr)));
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
    }
}

#[tokio::test]
async fn without_a_page_it_says_how_to_make_one() {
    let nowhere = tempfile::tempdir().unwrap();
    let server = Server::with(|config| config.dist = Some(nowhere.path().join("none"))).await;
    let (status, _, text) = get(&server, "/", &[]).await;
    assert_eq!(status, 503);
    assert!(text.contains("cargo xtask build"), "{text}");
    assert_eq!(server.get("/workspaces").await.status, 200);
}
