//! Headers that come twice, and headers with weights.

use reqwest::Method;
use serde_json::json;

use super::cases;
use crate::support::{Answer, Server};

#[tokio::test]
async fn headers_that_decide_come_once() {
    let server = Server::start().await;
    let id = server.named("A").await;
    for case in cases(include_str!("../data/repeated_headers.json")) {
        let mut request = server.request(Method::POST, "/workspaces").body(json!({ "name": "B" }).to_string());
        for header in case["headers"].as_array().unwrap() {
            let text = |at: usize| header[at].as_str().unwrap().replace("ID", &id);
            request = request.header(text(0), text(1));
        }
        let answer = Answer::of(request).await;
        assert_eq!(u64::from(answer.status), case["status"].as_u64().unwrap(), "{case}: {}", answer.body);
        if answer.status == 400 {
            let name = case["headers"][0][0].as_str().unwrap();
            assert_eq!(answer.body["error"], format!("a request has one {name} header, not several"));
        }
    }
}

#[tokio::test]
async fn the_snapshot_comes_in_the_form_that_weighs_most() {
    let server = Server::start().await;
    for case in cases(include_str!("../data/accept.json")) {
        let request = server.request(Method::GET, "/snapshot").header("accept", case["accept"].as_str().unwrap());
        assert_eq!(Answer::of(request).await.headers["content-type"], *case["type"].as_str().unwrap(), "{case}");
    }
}
