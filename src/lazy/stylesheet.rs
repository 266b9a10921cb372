//! The stylesheet of the lazily loaded chunk.

use leptos::prelude::document;

/// Applies the stylesheet, which the build links as `media="not all"`. Where nothing is split it applies from the start.
pub(super) fn apply() {
    if let Ok(Some(stylesheet)) = document().query_selector("link[data-lazy]") {
        // Removing an attribute that is not there succeeds.
        let _ = stylesheet.remove_attribute("media");
    }
}
