//! Tests that tokens are issued once and valid on every server at once.

use orrery_tests::http::{Answer, Http};
use orrery_tests::server_group::ServerGroup;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::away::metric;

const ADMIN: &str = "the-operators-own-token";
const TRIES: usize = 25;

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}")).to_owned()
}

fn card(id: &str) -> Value {
    json!({"id": id, "url": "", "agent_card": {}})
}

fn token_of(answer: &Answer) -> Option<String> {
    answer.json()["auth_token"].as_str().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_valid_on_every_server_at_once_and_issued_once() {
    let several = ServerGroup::start(2, &["--admin-token", ADMIN]).await;
    let [one, other] = [0, 1].map(|at| several.servers[at].http());
    let operators = [&one, &other].map(|http| http.clone().with_token(ADMIN));
    for attempt in 0..TRIES {
        let (here, there) = if attempt % 2 == 0 { (&one, &other) } else { (&other, &one) };
        let made = operators[attempt % 2].post("/workspaces", json!({"name": "A"})).await.expect(201);
        let (id, token) = (text(&made, "id"), text(&made, "auth_token"));
        // The other server accepts it at once.
        let registered = there.clone().with_token(&token).post("/registry/register", card(&id)).await.expect(200);
        assert_eq!(registered.get("auth_token"), None, "try {attempt}: a second token");
        for http in [here, there] {
            let agent = http.clone().with_token(&token);
            agent.post("/registry/heartbeat", json!({"workspace_id": id})).await.expect(200);
        }

        // A workspace without a token registers on both servers at the same time.
        operators[0].delete(&format!("/workspaces/{id}/token")).await.expect(200);
        let (first, second) = tokio::join!(
            operators[0].post("/registry/register", card(&id)),
            operators[1].post("/registry/register", card(&id))
        );
        let tokens: Vec<String> = [&first, &second].into_iter().filter_map(token_of).collect();
        assert_eq!(tokens.len(), 1, "try {attempt}: {} {}", first.text, second.text);
        for http in [&one, &other] {
            let agent = http.clone().with_token(&tokens[0]);
            agent.post("/registry/heartbeat", json!({"workspace_id": id})).await.expect(200);
            let old = http.clone().with_token(&token);
            let beat = async || old.post("/registry/heartbeat", json!({"workspace_id": id})).await.status;
            wait::until("the old token to end", beat, |status| *status == 401).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_token_is_queried_once() {
    let several = ServerGroup::start(2, &["--admin-token", ADMIN]).await;
    let http: Http = several.servers[0].http();
    let operator = http.clone().with_token(ADMIN);
    let reads = async || metric(&operator, "log_questions_total").await;
    let before = reads().await;
    let guess = |number: usize| http.clone().with_token(&format!("guessed-{number}"));
    for number in 0..100 {
        guess(number % 20).post("/registry/heartbeat", json!({"workspace_id": "w"})).await.expect(401);
    }
    let looked_up = reads().await - before;
    println!("100 requests with 20 guesses: {looked_up} lookups");
    assert_eq!(looked_up, 20);
}
