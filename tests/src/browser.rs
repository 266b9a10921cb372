//! A Chromium with one page: finds elements, clicks, waits and takes pictures.

use std::fs;
use std::ops::Deref;
use std::path::Path;

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::chromedriver::Chromedriver;
use crate::http::Http;
use crate::wait;

/// Dereferences to fantoccini's client for all that is not here.
pub struct Browser {
    client: Client,
    /// Chromedriver's own calls, beyond the WebDriver standard.
    session: Http,
    _driver: Chromedriver,
}

impl Deref for Browser {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Browser {
    /// Opens a window whose page has this size in pixels.
    pub async fn open(width: u32, height: u32) -> Self {
        let mut driver = Chromedriver::start().await;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(driver.capabilities()).connect(&driver.url()).await;
        let client = client.expect("chromedriver starts a Chromium");
        let id = client.session_id().await.unwrap().expect("a new session has an id");
        driver.set_session(&id);
        let session = Http::to(&format!("{}/session/{id}", driver.url()));
        let browser = Self { client, session, _driver: driver };
        browser.resize(width, height).await;
        browser
    }

    pub async fn resize(&self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Sets the preferred colour scheme of the system, `light` or `dark`.
    pub async fn prefer_color_scheme(&self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Disconnects the page from the network, or reconnects it.
    pub async fn set_offline(&self, offline: bool) {
        self.devtools("Network.enable", json!({})).await;
        let conditions = json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.devtools("Network.emulateNetworkConditions", conditions).await;
    }

    /// Performs WebDriver actions of one mouse and one keyboard, a tick for each item: real input, as the browser's own.
    pub async fn perform(&self, mouse: &[Value], keys: &[Value]) {
        let mouse = json!({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": mouse});
        let keys = json!({"type": "key", "id": "keys", "actions": keys});
        self.session.post("/actions", json!({"actions": [mouse, keys]})).await.expect(200);
    }

    /// Runs the body of an asynchronous JavaScript function in the page and returns its result.
    pub async fn run(&self, body: &str, arguments: Vec<Value>) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];
            (async (...args) => {{ {body} }})(...[...arguments].slice(0, -1)).then(it => done([true, it]), error => done([false, `${{error}}`]))"
        );
        let answer =
            self.client.execute_async(&script, arguments).await.unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(answer[0], json!(true), "{body}: {}", answer[1]);
        answer[1].clone()
    }

    /// Sends a command of the DevTools protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.session.post("/goog/cdp/execute", body).await.expect(200)["value"].take()
    }

    /// Waits for the first element that a CSS selector finds.
    pub async fn wait_for(&self, css: &str) -> Element {
        let what = format!("an element {css}");
        wait::until_some(&what, async || self.client.find(Locator::Css(css)).await.ok()).await
    }

    /// Waits until no element is found by a CSS selector.
    pub async fn wait_gone(&self, css: &str) {
        wait::until(&format!("{css} to go"), async || self.count(css).await, |count| *count == 0).await;
    }

    /// Waits until the element contains a text.
    pub async fn wait_text(&self, css: &str, text: &str) {
        let what = format!("{text:?} in {css}");
        wait::until(&what, async || self.text(css).await, |seen| seen.as_ref().is_some_and(|it| it.contains(text)))
            .await;
    }

    /// Clicks as a person does, once the element is there and nothing covers it.
    pub async fn click(&self, css: &str) {
        let what = format!("{css} to be clicked");
        wait::until(&what, async || self.wait_for(css).await.click().await, Result::is_ok).await.unwrap();
    }

    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.map_or(0, |found| found.len())
    }

    pub async fn text(&self, css: &str) -> Option<String> {
        self.client.find(Locator::Css(css)).await.ok()?.text().await.ok()
    }

    pub async fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.client.find(Locator::Css(css)).await.ok()?.attr(name).await.ok().flatten()
    }

    /// Evaluates a JavaScript expression in the page.
    pub async fn evaluate(&self, expression: &str) -> Value {
        let value = self.client.execute(&format!("return ({expression})"), vec![]).await;
        value.unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// Returns the messages of the console since the last call, including errors of the network.
    pub async fn console(&self) -> Vec<String> {
        let entries = self.session.post("/se/log", json!({"type": "browser"})).await.expect(200)["value"].take();
        let line = |entry: &Value| format!("{}: {}", entry["level"].as_str().unwrap_or("?"), entry["message"]);
        entries.as_array().into_iter().flatten().map(line).collect()
    }

    /// Takes a picture of the window, as a PNG.
    pub async fn screenshot(&self, file: &Path) {
        let png = self.client.screenshot().await.expect("a page can be photographed");
        fs::create_dir_all(file.parent().expect("a picture lies in a folder")).unwrap();
        fs::write(file, png).unwrap();
    }
}
