//! Credentials beside others: a proxy's scheme, another server's cookie, registrations in the same moment.

use reqwest::Method;
use serde_json::{Value, json};

use crate::credentials::{ADMIN, cookie, operate, secured, sign_out, workspace};
use crate::sockets::client::Client;
use crate::support::{Answer, Server};

/// A proxy in front may have a password of its own, and a template may leave the token empty.
const NOBODYS: &[&str] = &["Basic YWRtaW46YWRtaW4=", "Basic", "Bearer ", "Bearer", "Digest username=\"x\"", ""];

#[tokio::test]
async fn what_is_no_bearer_token_is_no_credential() {
    let open = Server::start().await;
    let server = secured().await;
    let cookie = cookie(&server).await;
    for nobodys in NOBODYS {
        let rows = |server: &Server| server.request(Method::GET, "/workspaces").header("authorization", *nobodys);
        Answer::of(rows(&open)).await.ok();
        assert!(Client::open(&open, "/ws", &[("authorization", nobodys)]).await.is_ok(), "{nobodys}");
        Answer::of(rows(&server).header("cookie", &cookie)).await.ok();
        let both = [("authorization", *nobodys), ("cookie", cookie.as_str())];
        assert!(Client::open(&server, "/ws", &both).await.is_ok(), "{nobodys}");
        assert!(Answer::of(rows(&server)).await.refused(401).contains("Bearer"), "{nobodys}");
    }
}

#[tokio::test]
async fn servers_on_one_host_do_not_sign_each_other_out() {
    let (one, other) = (secured().await, secured().await);
    // As a browser keeps them: by host and name, whatever the port.
    let cookies = [cookie(&one).await, cookie(&other).await];
    assert_ne!(cookies[0].split_once('=').unwrap().0, cookies[1].split_once('=').unwrap().0);
    let jar = cookies.join("; ");
    for server in [&one, &other] {
        Answer::of(server.request(Method::GET, "/workspaces").header("cookie", &jar)).await.ok();
    }
    sign_out(&one, &jar).await;
    Answer::of(one.request(Method::GET, "/workspaces").header("cookie", &jar)).await.refused(401);
    Answer::of(other.request(Method::GET, "/workspaces").header("cookie", &jar)).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_registration_alone_is_given_a_token() {
    let server = secured().await;
    for _ in 0..5 {
        let (id, _) = workspace(&server).await;
        operate(&server, Method::DELETE, &format!("/workspaces/{id}/token"), Value::Null).await;
        let said = json!({ "id": id, "url": "", "agent_card": {} });
        let calls: Vec<_> = (0..10)
            .map(|_| {
                let request = server.request(Method::POST, "/registry/register").bearer_auth(ADMIN).json(&said);
                tokio::spawn(Answer::of(request))
            })
            .collect();
        let mut tokens = Vec::new();
        for call in calls {
            tokens.extend(call.await.unwrap().ok()["auth_token"].as_str().map(str::to_owned));
        }
        assert_eq!(tokens.len(), 1);
        let own = server.request(Method::GET, &format!("/workspaces/{id}")).bearer_auth(&tokens[0]);
        Answer::of(own).await.ok();
    }
}
