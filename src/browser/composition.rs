//! Keys of input methods: while a person composes a character, no key is a command.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{AddEventListenerOptions, KeyboardEvent};

/// The `keyCode` of a key that the input method has taken: Safari ends a composition by an Enter without `isComposing`.
const COMPOSITION_KEY_CODE: u32 = 229;

/// Withholds the keys of compositions from every key handler of the page. The field itself still gets its text.
pub fn withhold_composition_keys() {
    let listener = Closure::<dyn Fn(KeyboardEvent)>::new(|event: KeyboardEvent| {
        if event.is_composing() || event.key_code() == COMPOSITION_KEY_CODE {
            event.stop_immediate_propagation();
        }
    });
    let options = AddEventListenerOptions::new();
    options.set_capture(true);
    // The window's listeners that capture run before all others. The page needs it for as long as it is open.
    let callback = listener.into_js_value().unchecked_into();
    let _ = window().add_event_listener_with_callback_and_add_event_listener_options("keydown", &callback, &options);
}
