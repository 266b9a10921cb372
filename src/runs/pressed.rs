//! What was pressed, read from the attributes of what lies under an event. Never what comes of it.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

/// The attribute of the nearest element around the event's target that has it.
pub(super) fn named(event: &Event, attribute: &str) -> Option<String> {
    around(event, attribute)?.get_attribute(attribute)
}

pub(super) fn around(event: &Event, attribute: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(&format!("[{attribute}]")).ok()?
}
