//! What the page has to say over the canvas: that it is not live, that nothing is there yet, what was just done.
//! Never the fleet.

mod banner;
mod empty;
mod no_agents;
mod toasts;
mod walk;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::commands::Commands;
use crate::dialogs::{DialogRequest, Dialogs};
use crate::lazy::LazyLoader;
use crate::store::StoreSignals;
use crate::sync::RetryNow;
use crate::ui::kept::{child, hear, keep};
use crate::ui::written::Part;

pub use no_agents::NoAgents;
pub use toasts::Toasts;

/// At the end of `view`: what must be said even when nothing more can be loaded.
pub fn show_notices(view: &Element, later: LazyLoader) {
    let (signals, commands) = (expect_context::<StoreSignals>(), expect_context::<Commands>());
    let (dialogs, try_now) = (expect_context::<Dialogs>(), expect_context::<RetryNow>());
    let instead = child(view, "div");
    keep(instead.clone(), move || Part::new("div", "").parts(vec![empty::empty(signals, commands)]));
    let over = child(view, "div");
    keep(over.clone(), move || {
        let part = Part::new("div", "").with("role", "status");
        part.parts(vec![banner::banner(signals), later.is_missing().then(missing)])
    });
    for place in [instead, over] {
        hear(&place, "click", move |event| {
            let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
            match target.and_then(|it| it.get_attribute("data-press")).as_deref() {
                Some("try" | "live") => try_now.0.run(()),
                Some("sign-in") => dialogs.open(DialogRequest::SignIn),
                _ => {}
            }
        });
    }
}

/// It is tried again by itself; a page that the server has meanwhile replaced needs a reload.
fn missing() -> Part {
    let words = "A part of this page could not be loaded. Trying again; if this stays, reload the page.";
    Part::new("div", "connection-banner").parts(vec![Some(Part::new("span", "").words(words))])
}
