//! Runs axe-core in the page. A missing axe-core is a failure that says what to do.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::server::workspace;

const VERSION: &str = "4.10.3";
/// The size of `axe.min.js`: another file is another axe.
const BYTES: u64 = 553_446;

/// Returns the violations that axe-core finds in the current page, in words.
pub async fn violations(browser: &Browser) -> Vec<String> {
    let there = browser.evaluate("typeof axe !== 'undefined'").await;
    if there != json!(true) {
        let source = fs::read_to_string(axe()).expect("axe-core was fetched a moment ago");
        browser.execute(&format!("{source}\nwindow.axe = axe;"), vec![]).await.expect("axe-core starts");
    }
    // Best practices count, too.
    let run = "const done = arguments[arguments.length - 1];
        axe.run(document, { resultTypes: ['violations'] }).then(it => done(it.violations), error => done([{ id: String(error), nodes: [] }]));";
    let found = browser.execute_async(run, vec![]).await.expect("axe-core runs");
    found.as_array().into_iter().flatten().map(words).collect()
}

fn words(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().cloned().unwrap_or_default();
    let node = |node: &Value| format!("    {} — {}", node["html"], node["failureSummary"].as_str().unwrap_or_default());
    let nodes: Vec<String> = nodes.iter().take(4).map(node).collect();
    format!("{}: {}\n{}", violation["id"], violation["help"], nodes.join("\n"))
}

/// Returns the file of axe-core: the one that `ORRERY_AXE` names, or one in `target/`, which npm fetches once.
fn axe() -> PathBuf {
    if let Some(named) = env::var_os("ORRERY_AXE") {
        return named.into();
    }
    let folder = workspace().join("target/axe");
    let file = folder.join(format!("axe-{VERSION}.min.js"));
    let is_whole = |file: &Path| fs::metadata(file).is_ok_and(|it| it.len() == BYTES);
    if !is_whole(&file) {
        fs::create_dir_all(&folder).expect("target/ can be written to");
        let fetch = format!(
            "npm pack --silent axe-core@{VERSION} && tar -xzOf axe-core-{VERSION}.tgz package/axe.min.js > {}.$$ \
             && mv {}.$$ {} && rm axe-core-{VERSION}.tgz",
            file.display(),
            file.display(),
            file.display()
        );
        let done = Command::new("sh").args(["-c", &fetch]).current_dir(&folder).output();
        let reason =
            done.map(|it| String::from_utf8_lossy(&it.stderr).into_owned()).unwrap_or_else(|it| it.to_string());
        assert!(
            is_whole(&file),
            "axe-core {VERSION} is not here, and npm could not fetch it ({reason}). Put its axe.min.js at {} or name it in ORRERY_AXE.",
            file.display()
        );
    }
    file
}
