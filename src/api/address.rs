//! Where the server is: the page's own origin, or what `config.json` beside the page says. Never a request to it.

use orrery_protocol::Cursor;
use serde::Deserialize;

use super::early;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Without a slash at the end.
    pub http: String,
    pub socket: String,
    /// It is of another origin, and one signs in there.
    pub sign_in: bool,
    /// It is the one that this page came from.
    pub is_here: bool,
}

/// `config.json` beside the page.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Config {
    server: Option<String>,
    sign_in: bool,
}

impl Address {
    /// A missing or empty file means the same origin.
    pub async fn find(origin: &str) -> Self {
        let said = match early::take(early::CONFIG).await {
            Some(response) if response.ok() => response.text().await.unwrap_or_default(),
            _ => String::new(),
        };
        let config: Config = serde_json::from_str(&said).unwrap_or_default();
        let server = config.server.filter(|server| !server.is_empty());
        let sign_in = config.sign_in && server.is_some();
        Self { sign_in, is_here: server.is_none(), ..Self::of(server.as_deref().unwrap_or(origin)) }
    }

    fn of(server: &str) -> Self {
        let http = server.trim_end_matches('/').to_owned();
        // http → ws, https → wss
        let socket = format!("ws{}", http.strip_prefix("http").unwrap_or("://"));
        Self { http, socket, sign_in: false, is_here: false }
    }

    /// The canvas's socket, from that place of the log on.
    pub fn events(&self, since: Option<&Cursor>) -> String {
        let since = since.map(Cursor::to_string).unwrap_or_default();
        format!("{}/ws?since={}&include=runs&batch=1", self.socket, js_sys::encode_uri_component(&since))
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_socket_is_as_safe_as_the_page() {
        assert_eq!(Address::of("https://a.example/").socket, "wss://a.example");
        let here = Address::of("http://127.0.0.1:8000");
        assert_eq!(here.events(None), "ws://127.0.0.1:8000/ws?since=&include=runs&batch=1");
        let cursor = "e:7".parse().unwrap();
        assert_eq!(here.events(Some(&cursor)), "ws://127.0.0.1:8000/ws?since=e%3A7&include=runs&batch=1");
    }
}
