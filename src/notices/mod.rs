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

use crate::actions::Actions;
use crate::forms::{Asking, Question};
use crate::later::Later;
use crate::live::Live;
use crate::ui::kept::{child, hear, keep};
use crate::ui::written::Part;
use crate::uplink::TryNow;

pub use no_agents::NoAgents;
pub use toasts::Toasts;

/// At the end of `view`: what must be said even when nothing more can be loaded.
pub fn show_notices(view: &Element, later: Later) {
    let (live, actions) = (expect_context::<Live>(), expect_context::<Actions>());
    let (asking, try_now) = (expect_context::<Asking>(), expect_context::<TryNow>());
    let instead = child(view, "div");
    keep(instead.clone(), move || Part::new("div", "").parts(vec![empty::empty(live, actions)]));
    let over = child(view, "div");
    keep(over.clone(), move || {
        let part = Part::new("div", "").with("role", "status");
        part.parts(vec![banner::banner(live), later.is_missing().then(missing)])
    });
    for place in [instead, over] {
        hear(&place, "click", move |event| {
            let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
            match target.and_then(|it| it.get_attribute("data-press")).as_deref() {
                Some("try" | "live") => try_now.0.run(()),
                Some("sign-in") => asking.ask(Question::SignIn),
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
