//! Tests of links to a view, of pictures, and of saved states.

use orrery_tests::agent::Agent;
use orrery_tests::browser::Browser;
use orrery_tests::foreign::Foreign;
use orrery_tests::server::{Server, dist, workspace};
use orrery_tests::wait;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

use crate::access::fine;
use crate::page::{Page, card};

const CAMERA: &str = "document.querySelector('.canvas-world').style.transform";

async fn choose(page: &Page, words: &str) {
    page.click("[aria-label='Menu']").await;
    let item = format!(
        "[...document.querySelectorAll('[role=menuitem]')].find(it => it.textContent.includes({}))",
        json!(words)
    );
    page.evaluate(&format!("{item}.click()")).await;
}

#[tokio::test]
async fn a_link_restores_the_view() {
    let server = Server::start().await;
    let one = Agent::create(&server.http(), json!({"name": "One"})).await;
    let two = Agent::create(&server.http(), json!({"name": "Two"})).await;
    let page = Page::open(&server).await;
    page.status(&two.id, "online").await;
    assert_eq!(page.evaluate("location.hash").await, json!(""), "an untouched canvas needs no words");
    page.click(&card(&one.id)).await;
    page.click("#panel-tab-1").await;
    page.click(".count[data-status=failed]").await;
    page.evaluate("document.querySelector('.canvas').dispatchEvent(new WheelEvent('wheel', {deltaX: 130, deltaY: -70, bubbles: true, cancelable: true}))").await;
    let parameters = format!("see={}&tab=activity&status=failed", one.id);
    let hash = async || page.evaluate("location.hash").await;
    let has_parameters =
        |hash: &Value| hash.as_str().is_some_and(|it| it.starts_with("#at=") && it.ends_with(&parameters));
    wait::until("the address to have the parameters", hash, has_parameters).await;
    assert_eq!(page.evaluate("history.length").await, json!(2), "looking around is no history");
    let (address, camera) = (page.current_url().await.unwrap(), page.evaluate(CAMERA).await);

    let other = Page::open_at(address.as_str(), 1280, 800).await;
    other.wait_for("#panel-tab-1[aria-selected=true]").await;
    other.wait_for(&format!("{}[aria-selected=true]", card(&one.id))).await;
    other.wait_for(".count[data-status=failed][aria-pressed=true]").await;
    let middle = "(() => { const [x, y, zoom] = document.querySelector('.canvas-world').style.transform.match(/-?[\\d.]+/g).map(Number); return [Math.round(x), Math.round(y), Math.round(zoom * 100)]; })()";
    let expected = page.evaluate(middle).await;
    let near = |seen: &Value| {
        (0..3).all(|at| (seen[at].as_f64().unwrap_or(1e9) - expected[at].as_f64().unwrap()).abs() <= 1.0)
    };
    wait::until(&format!("the camera {camera}"), async || other.evaluate(middle).await, near).await;
}

#[tokio::test]
async fn a_link_to_an_unknown_workspace_shows_an_error() {
    let server = Server::start().await;
    let _one = Agent::create(&server.http(), json!({"name": "One"})).await;
    let page = Page::open_at(&server.url("/#see=never-was-here&tab=activity&colour=mauve"), 1280, 800).await;
    page.wait_text(".toasts", "never-was-here from the link was not found").await;
    page.wait_text(".toasts", "unknown part: “colour=mauve”").await;
    page.wait_text(".panel", "Workspace not found").await;
}

#[tokio::test]
async fn a_saved_state_can_be_opened_without_a_server() {
    let server = Server::start().await;
    let one = Agent::create(&server.http(), json!({"name": "One"})).await;
    one.send_heartbeat(json!({"current_task": "Writes a report"})).await;
    let page = Page::open(&server).await;
    page.wait_for(".card-task").await;
    page.agrees_with(&server).await;
    let file = saved(&page).await;
    let saved_state: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let state = page.state().await;
    assert_eq!(saved_state["hash"], state["hash"]);
    assert_eq!(saved_state["workspaces"][0]["current_task"], json!("Writes a report"));

    // A server of files alone, whose fleet is another one.
    let foreign = Foreign::start(dist()).await;
    foreign.set_rows(json!([{"id": "other", "name": "Other", "status": "online"}]));
    let other = Page::open_at(&format!("http://{}/", foreign.address), 1280, 800).await;
    other.status("other", "online").await;
    open(&other, &file).await;
    other.wait_for(&card(&one.id)).await;
    other.wait_gone(&card("other")).await;
    other.wait_text(".connection-banner", "Saved state (read-only)").await;
    other.wait_for("[data-connection=offline]").await;
    assert_eq!(other.state().await["hash"], state["hash"], "the very same state");
    fine(&other, "saved").await;
    // Nothing of the server comes through any more, and nothing goes to it.
    foreign.event("WORKSPACE_ONLINE", "later", json!({}));
    other.click(&card(&one.id)).await;
    other.click("#panel-tab-1").await;
    other.wait_text(".panel", "this is not available in a saved state").await;
    other.click(".runs-button").await;
    other.wait_text(".runs-side", "Could not load tasks: this is not available in a saved state").await;
    other.click(".runs-head [aria-label='Close runs']").await;
    assert_eq!(other.count(&card("later")).await, 0);
    assert_eq!(other.title().await.unwrap(), "Saved state · Orrery");
    // The page has been reloaded: a file that is dropped before it is ready would be ignored.
    other.click(".connection-banner button").await;
    other.ready().await;
    other.status("other", "online").await;
    // What is no state is refused, and nothing changes.
    let wrong = workspace().join("target/e2e-not-a-state.json");
    fs::write(&wrong, "{1, 2").unwrap();
    open(&other, &wrong).await;
    other.wait_text(".toasts", "not a saved state: invalid JSON at line 1, column 2").await;
    fs::write(&wrong, "{\"name\": \"another file\"}").unwrap();
    open(&other, &wrong).await;
    other.wait_text(".toasts", "the file has no list of workspaces").await;
    other.wait_for("[data-connection=live]").await;
    fs::remove_file(wrong).unwrap();
    fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn the_view_is_saved_as_a_picture() {
    let server = Server::start_with(&["--demo", "12", "--demo-seed", "7", "--provision-timeout", "15s"]).await;
    let page = Page::open(&server).await;
    let known = async || page.state().await["count"].as_u64().unwrap_or(0);
    wait::until("the demo's fleet", known, |count| *count >= 12).await;
    page.wait_for(".card-task").await;
    for theme in ["light", "dark"] {
        page.prefer_color_scheme(theme).await;
        let (name, bytes) = downloaded(&page, "Save view as image").await;
        assert!(name.starts_with("orrery-") && name.ends_with(".png"), "{name}");
        assert_eq!(&bytes[1..4], b"PNG");
        fs::create_dir_all(workspace().join("target/pictures")).unwrap();
        fs::write(workspace().join(format!("target/pictures/export-{theme}.png")), &bytes).unwrap();
        page.wait_text(".toasts", "Saved image").await;
    }
}

async fn saved(page: &Page) -> PathBuf {
    let (name, bytes) = downloaded(page, "Save state as JSON").await;
    let file = std::env::temp_dir().join(format!("{}-{name}", std::process::id()));
    fs::write(&file, bytes).unwrap();
    file
}

/// Through the browser's own download, into a folder of the test.
async fn downloaded(page: &Page, words: &str) -> (String, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let allow = json!({"behavior": "allow", "downloadPath": folder.path()});
    page.devtools("Browser.setDownloadBehavior", allow).await;
    choose(page, words).await;
    let whole = async || {
        let files = fs::read_dir(folder.path()).unwrap().flatten().map(|it| it.path());
        let mut whole = files.filter(|it| it.extension().is_some_and(|end| end == "json" || end == "png"));
        whole.next().filter(|it| fs::metadata(it).is_ok_and(|it| it.len() > 0))
    };
    let file = wait::until_some("the download", whole).await;
    (file.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&file).unwrap())
}

/// Dropped onto the page, as from the desktop.
async fn open(page: &Browser, file: &PathBuf) {
    let text = fs::read_to_string(file).unwrap();
    let script = format!(
        "(() => {{ const file = new File([{}], 'state.json', {{type: 'application/json'}});
            const data = new DataTransfer(); data.items.add(file);
            for (const kind of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(kind, {{dataTransfer: data, bubbles: true, cancelable: true}}));
            return true; }})()",
        json!(text)
    );
    page.evaluate(&script).await;
}
