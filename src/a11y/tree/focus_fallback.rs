//! Where the focus goes when the element that had it is gone.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Focuses the tab stop of the tree in the next frame, unless something else has the focus by then.
pub fn focus_tree_if_lost() {
    request_animation_frame(|| {
        let is_lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
        let stop = document().query_selector("[role='treeitem'][tabindex='0']").ok().flatten();
        if let Some(stop) = stop.and_then(|element| element.dyn_into::<HtmlElement>().ok()).filter(|_| is_lost) {
            // An element that is in the page can be focused.
            let _ = stop.focus();
        }
    });
}
