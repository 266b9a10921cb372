//! Saves a file through the browser's download.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlAnchorElement, Url};

/// Starts the download and returns whether the browser accepted it.
pub(super) fn download(blob: &Blob, name: &str) -> bool {
    let Ok(url) = Url::create_object_url_with_blob(blob) else { return false };
    let anchor = document().create_element("a").ok().and_then(|it| it.dyn_into::<HtmlAnchorElement>().ok());
    let Some(anchor) = anchor else { return false };
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The download has its own reference to the content by then.
    set_timeout(move || drop(Url::revoke_object_url(&url)), std::time::Duration::from_secs(30));
    true
}

/// Returns a file name with the local time, such as `orrery-2026-03-30-120305.json`.
pub(super) fn file_name(extension: &str) -> String {
    let now = js_sys::Date::new_0();
    format!(
        "orrery-{}-{:02}-{:02}-{:02}{:02}{:02}.{extension}",
        now.get_full_year(),
        now.get_month() + 1,
        now.get_date(),
        now.get_hours(),
        now.get_minutes(),
        now.get_seconds()
    )
}
