//! The page with its documented hooks, for the end-to-end tests.

use orrery_tests::browser::Browser;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

pub struct Page {
    pub browser: Browser,
}

impl std::ops::Deref for Page {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Page {
    /// Opens the server's page and waits until it is live and input is handled.
    pub async fn open(server: &Server) -> Self {
        Self::open_at(&server.url("/"), 1280, 800).await
    }

    pub async fn open_at(url: &str, width: u32, height: u32) -> Self {
        let browser = Browser::open(width, height).await;
        browser.goto(url).await.unwrap();
        let page = Self { browser };
        page.ready().await;
        page
    }

    /// Waits until it is live and input is handled: whenever the page begins anew.
    pub async fn ready(&self) {
        self.wait_for("[data-connection=live][data-ready]").await;
    }

    /// Waits until the camera rests: until something is moved by hand, the view is fitted again whenever the window or the map changes.
    pub async fn camera_at_rest(&self) {
        let camera = "document.querySelector('.canvas-world').style.transform";
        let mut last = self.evaluate(camera).await;
        let is_at_rest = async || {
            tokio::time::sleep(std::time::Duration::from_millis(250)).await;
            let now = self.evaluate(camera).await;
            std::mem::replace(&mut last, now.clone()) == now
        };
        wait::until("the camera to rest", is_at_rest, |at_rest| *at_rest).await;
    }

    /// Waits until the card shows this status.
    pub async fn status(&self, id: &str, status: &str) {
        self.wait_for(&format!("{}[data-status={status}]", card(id))).await;
    }

    /// On a real keyboard, where the focus is. Keys without a letter are WebDriver's (`\u{E015}` is the arrow down).
    pub async fn press(&self, keys: &str) {
        self.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Waits for a text that is only read aloud: WebDriver knows what is seen alone.
    pub async fn wait_text_of(&self, css: &str, text: &str) {
        let content = format!("document.querySelector({})?.textContent ?? ''", json!(css));
        let seen = async || self.evaluate(&content).await.as_str().unwrap_or("").to_owned();
        wait::until(&format!("{text:?} in {css}"), seen, |it| it.contains(text)).await;
    }

    /// Waits until the keyboard is on this element.
    pub async fn focused(&self, css: &str) {
        let on = format!("document.activeElement?.matches({})", json!(css));
        let what = format!("the focus on {css}");
        wait::until(&what, async || self.evaluate(&on).await, |seen| *seen == json!(true)).await;
    }

    /// `window.orrery.state()`.
    pub async fn state(&self) -> Value {
        self.evaluate("window.orrery.state()").await
    }

    /// Waits until the page has folded as much as the server, and holds both states against each other.
    pub async fn agrees_with(&self, server: &Server) {
        let http = server.http();
        let agree = async || {
            let snapshot = http.get("/snapshot").await;
            let hash = snapshot.header("x-state-hash").unwrap_or("none").to_owned();
            let (theirs, ours) = (snapshot.json(), self.state().await);
            let seq = theirs["cursor"].as_str().and_then(|it| it.rsplit_once(':')).map(|it| it.1.to_owned());
            let same = (seq, hash) == (Some(ours["seq"].to_string()), ours["hash"].as_str().unwrap_or("").to_owned());
            (same, ours, snapshot.header("x-state-hash").map(str::to_owned), theirs["cursor"].clone())
        };
        wait::until("page and server to agree", agree, |seen| seen.0).await;
    }
}

/// The card of a workspace.
pub fn card(id: &str) -> String {
    format!("[data-workspace-id=\"{id}\"]")
}

/// A key as a keyboard sends it, wherever the focus is.
pub async fn press(page: &Page, key: &str, more: &str) {
    let script = format!(
        "(document.activeElement || document.body).dispatchEvent(
            new KeyboardEvent('keydown', {{key: '{key}', bubbles: true, cancelable: true{more}}}))"
    );
    page.evaluate(&script).await;
}

/// What a person would have typed.
pub async fn write(page: &Page, css: &str, text: &str) {
    let script = format!(
        "(() => {{ const field = document.querySelector('{css}'); field.value = '{text}';
            field.dispatchEvent(new InputEvent('input', {{bubbles: true}})); }})()"
    );
    page.wait_for(css).await;
    page.evaluate(&script).await;
}

pub mod key {
    //! WebDriver's names of the keys without a letter.
    pub const DOWN: &str = "\u{E015}";
    pub const UP: &str = "\u{E013}";
    pub const LEFT: &str = "\u{E012}";
    pub const RIGHT: &str = "\u{E014}";
    pub const END: &str = "\u{E010}";
    pub const HOME: &str = "\u{E011}";
    pub const ENTER: &str = "\u{E007}";
    pub const ESCAPE: &str = "\u{E00C}";
    pub const TAB: &str = "\u{E004}";
    /// Held until `RELEASE`.
    pub const CONTROL: &str = "\u{E009}";
    pub const SHIFT: &str = "\u{E008}";
    pub const F10: &str = "\u{E03A}";
    pub const RELEASE: &str = "\u{E000}";
}
