//! The address of the server: the folder of the page, or the one in `config.json` beside the page.

use orrery_protocol::Cursor;
use serde::Deserialize;

use super::early_requests;

/// The address of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The base of HTTP URLs, without a slash at the end.
    pub http: String,
    /// The base of WebSocket URLs, without a slash at the end.
    pub socket: String,
    /// Whether the server is of another origin and has a sign-in, so that requests carry credentials.
    pub sign_in: bool,
    /// Whether the page came from this server.
    pub is_same_origin: bool,
}

/// `config.json` beside the page.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Config {
    server: Option<String>,
    sign_in: bool,
}

impl Address {
    /// Reads `config.json`. A missing or empty file means the folder of the page.
    pub async fn find(page_folder: &str) -> Self {
        let text = match early_requests::take_response(early_requests::CONFIG).await {
            Some(response) if response.ok() => response.text().await.unwrap_or_default(),
            _ => String::new(),
        };
        let config: Config = serde_json::from_str(&text).unwrap_or_default();
        let server = config.server.filter(|server| !server.is_empty());
        let sign_in = config.sign_in && server.is_some();
        Self { sign_in, is_same_origin: server.is_none(), ..Self::of(server.as_deref().unwrap_or(page_folder)) }
    }

    fn of(server: &str) -> Self {
        let http = server.trim_end_matches('/').to_owned();
        // http → ws, https → wss
        let socket = format!("ws{}", http.strip_prefix("http").unwrap_or("://"));
        Self { http, socket, sign_in: false, is_same_origin: false }
    }

    /// Returns the URL of the event socket, which resumes from a cursor if there is one.
    pub fn socket_url(&self, since: Option<&Cursor>) -> String {
        let since = since.map(Cursor::to_string).unwrap_or_default();
        format!("{}/ws?since={}&include=runs&batch=1", self.socket, js_sys::encode_uri_component(&since))
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn socket_urls_keep_the_security_of_the_page() {
        assert_eq!(Address::of("https://a.example/").socket, "wss://a.example");
        let here = Address::of("http://127.0.0.1:8000");
        assert_eq!(here.socket_url(None), "ws://127.0.0.1:8000/ws?since=&include=runs&batch=1");
        let cursor = "e:7".parse().unwrap();
        assert_eq!(here.socket_url(Some(&cursor)), "ws://127.0.0.1:8000/ws?since=e%3A7&include=runs&batch=1");
    }
}
