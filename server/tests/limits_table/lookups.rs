//! Limits that only a server on PostgreSQL has.

use orrery_server::config::Config;
use orrery_tests::postgres::Postgres;
use reqwest::Method;

use super::Row;
use crate::quotas::ADMIN;
use crate::support::{Answer, Server};

pub async fn unknown_tokens(row: Row) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::in_folder(folder.path());
    config.database_url = Some(Postgres::of_this_process().await.database("limits_table").await.as_str().into());
    config.admin_token = Some(ADMIN.into());
    let running = orrery_server::start(config).await.unwrap();
    let server = Server { running, client: reqwest::Client::new(), folder };
    let guess = async |number: usize| {
        let request = server.request(Method::GET, "/workspaces").bearer_auth(format!("guess-{number}"));
        Answer::of(request).await
    };
    for number in 0..100_000 {
        let answer = guess(number).await;
        if answer.status != 401 {
            assert!(number >= 10 * row.amount(), "refused after {number}");
            assert!(answer.headers.contains_key("retry-after"), "it does not say for how long");
            // What is known, or known to be unknown, needs no lookup.
            Answer::of(server.request(Method::GET, "/workspaces").bearer_auth(ADMIN)).await.ok();
            assert_eq!(guess(0).await.status, 401);
            return answer.status.to_string();
        }
    }
    "never refused".into()
}
