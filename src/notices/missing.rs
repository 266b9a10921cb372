//! That a part of the page has not come yet. Never what that part does.

use leptos::prelude::*;

use crate::later::Later;

/// It is tried again by itself; a page that the server has meanwhile replaced needs a reload.
#[component]
pub fn MissingPart() -> impl IntoView {
    let later = expect_context::<Later>();
    view! {
        <div role="status">
            {move || {
                later
                    .is_missing()
                    .then(|| {
                        view! {
                            <div class="connection-banner">
                                <span>"A part of this page could not be loaded. Trying again; if this stays, reload it."</span>
                            </div>
                        }
                    })
            }}
        </div>
    }
}
