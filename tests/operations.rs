//! Checks docs/operations.md and deploy/ against the program: flags, metrics, log and unit file.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use orrery_tests::server::{Server, binary, workspace};
use serde_json::{Value, json};

const ADMIN: &str = "the-operators-own-token";

fn read(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap()
}

/// Returns every word with this beginning.
fn words(text: &str, begin: &str) -> BTreeSet<String> {
    let goes_on = |letter: &char| letter.is_ascii_lowercase() || matches!(letter, '-' | '_');
    let parts = text.match_indices(begin).map(|(at, _)| &text[at + begin.len()..]);
    let words = parts.map(|rest| rest.chars().take_while(goes_on).collect::<String>());
    words.filter(|word| !word.is_empty()).map(|word| format!("{begin}{word}")).collect()
}

#[test]
fn documented_flags_exist() {
    let help = String::from_utf8(Command::new(binary()).arg("--help").output().unwrap().stdout).unwrap();
    // Flags of other programs.
    let others = ["--format", "--file", "--dbname", "--clean", "--if-exists", "--exit-on-error"];
    for file in ["docs/operations.md", "README.md"] {
        let flags = words(&read(file), "`--");
        let in_commands = read(file);
        let commands = in_commands
            .lines()
            .filter(|line| line.contains("orrery-server ") && !line.contains("cargo"))
            .flat_map(|line| words(line, " --"));
        for flag in flags.into_iter().chain(commands) {
            let flag = flag.trim_start_matches(['`', ' ']);
            assert!(help.contains(flag) || others.contains(&flag), "{file} writes about {flag}");
        }
    }
    assert!(help.contains("--max-connections-per-address"), "the check reads the help");
    for line in read("deploy/orrery.service").lines().chain(read("deploy/Dockerfile").lines()) {
        for setting in line.split([' ', '=', '.', '…']).filter(|word| word.starts_with("ORRERY_")) {
            assert!(help.contains(&format!("[env: {setting}")), "{setting} is no setting");
        }
    }
}

#[tokio::test]
async fn documented_metrics_exist_and_the_log_is_json_without_a_token() {
    let server = Server::start_with(&["--admin-token", ADMIN, "--log-format", "json"]).await;
    let operator = server.http().with_token(ADMIN);
    let made = operator.post("/workspaces", json!({"name": "A"})).await.expect(201);
    let agents = made["auth_token"].as_str().unwrap();
    let agent = server.http().with_token(agents);
    agent.get(&format!("/workspaces/{}", made["id"].as_str().unwrap())).await.expect(200);
    server.http().post("/session", json!({"token": ADMIN})).await.expect(200);
    server.http().post("/session", json!({"token": "wrong-wrong-wrong"})).await.expect(401);
    let refused = orrery_tests::socket::Socket::try_open(&server.socket_url("/ws"), &[]).await;
    assert!(refused.is_err());
    let metrics = operator.get("/metrics").await.text;
    // Metrics that only several servers have.
    let shared = ["orrery_lag", "orrery_redis_up"];
    for name in words(&read("docs/operations.md"), "orrery_") {
        // Names of the program and its cookie.
        let is_metric = !name.starts_with("orrery_server") && !name.starts_with("orrery_session_");
        assert!(!is_metric || shared.contains(&name.as_str()) || metrics.contains(&name), "{name} is no metric");
    }
    let log = server.log();
    let lines: Vec<&str> = log.lines().filter(|line| !line.starts_with("listening on ")).collect();
    assert!(!lines.is_empty(), "somebody signed in, and that is output_text");
    for line in lines {
        let entry: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        assert!(entry["timestamp"].is_string() && entry["level"].is_string() && entry["message"].is_string(), "{line}");
    }
    assert!(!log.contains(ADMIN) && !log.contains(agents) && !log.contains("wrong-wrong-wrong"));
}

#[test]
fn systemd_accepts_the_unit_file() {
    let unit = read("deploy/orrery.service");
    assert!(unit.contains("ExecStart=/usr/local/bin/orrery-server\n"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orrery.service");
    fs::write(&file, unit.replace("/usr/local/bin/orrery-server", binary().to_str().unwrap())).unwrap();
    // Without systemd the unit cannot be checked, and is not needed.
    let Ok(output) = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&file).output() else { return };
    let output_text = String::from_utf8_lossy(&output.stderr);
    let about_it: Vec<&str> = output_text.lines().filter(|line| line.contains("orrery.service")).collect();
    assert!(output.status.success() && about_it.is_empty(), "{output_text}");
}
