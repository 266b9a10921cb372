//! Environment variables as files of variables, shells and secrets' mounts write them, and those that are meant for other programs.

use std::time::Duration;

use reqwest::Client;
use serde_json::Value;

use super::cases;
use crate::binary::Binary;

#[tokio::test]
async fn environment_variables_are_read_as_they_are_meant() {
    let client = Client::builder().no_proxy().build().unwrap();
    for case in cases(include_str!("../data/environment.json")) {
        let folder = tempfile::tempdir().unwrap();
        let variables: Vec<_> = case["variables"].as_object().unwrap().iter().collect();
        let variables: Vec<_> =
            variables.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_ref())).collect();
        let mut server = Binary::start_with(folder.path(), &variables).await;
        let get = async |path: &str| -> Value {
            let mut request = client.get(format!("{}{path}", server.url));
            for (name, value) in [("origin", &case["origin"]), ("host", &case["host"])] {
                request = value.as_str().map_or(request.try_clone().unwrap(), |value| request.header(name, value));
            }
            if let Some(token) = case["token"].as_str() {
                request = request.bearer_auth(token);
            }
            let response = request.send().await.unwrap();
            assert_eq!(response.status().as_u16(), 200, "{case} {path}");
            response.json().await.unwrap()
        };
        assert_eq!(get("/session").await["secured"], case["secured"], "{case}");
        let mut workspaces = 0;
        for _ in 0..1500 {
            workspaces = get("/workspaces").await.as_array().unwrap().len();
            if workspaces as u64 >= case["workspaces"].as_u64().unwrap() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(workspaces as u64 >= case["workspaces"].as_u64().unwrap(), "{case}: {workspaces}");
        server.stop().await;
    }
}
