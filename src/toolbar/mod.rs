//! The bar over the canvas: what the fleet is, how live it is, where to look. Never the canvas itself.

mod connection;
mod counts;
mod selection_bar;
mod sign_out;
mod tools;
mod zoom;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::session::Session;
use crate::store::StoreSignals;
use crate::ui::kept::{hear, keep};
use crate::ui::written::Part;

pub use selection_bar::SelectionBar;
pub use tools::Tools;

pub(crate) use connection::words as connection_words;

/// The tools at its end come later.
pub fn show_toolbar(bar: &HtmlElement) {
    let (signals, session) = (expect_context::<StoreSignals>(), expect_context::<Session>());
    keep(bar.clone(), move || {
        let brand = Part::new("h1", "brand").parts(vec![
            Some(Part::new("i", "mark").with("data-mark", "brand")),
            Some(Part::new("span", "brand-name").words("Orrery")),
        ]);
        Part::new("header", "toolbar").parts(vec![
            Some(brand),
            Some(counts::counts(signals, session)),
            Some(connection::connection(signals)),
            Some(Part::new("div", "toolbar-space")),
        ])
    });
    hear(bar, "click", move |event| {
        let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let count = target.and_then(|it| it.closest(".count").ok().flatten());
        if let Some(word) = count.and_then(|it| it.get_attribute("data-status")) {
            counts::press(session, &word);
        }
    });
}
