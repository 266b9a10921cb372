//! A focus that was left behind by what went away. Never one that somebody has.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Once it is gone: to the workspace that Tab would stop at.
pub fn focus_is_left() {
    request_animation_frame(|| {
        let is_left = document().active_element().is_none_or(|it| it.tag_name() == "BODY");
        let stop = document().query_selector("[role='treeitem'][tabindex='0']").ok().flatten();
        if let Some(stop) = stop.and_then(|it| it.dyn_into::<HtmlElement>().ok()).filter(|_| is_left) {
            // An element that is in the page can be focused.
            let _ = stop.focus();
        }
    });
}
