//! The page's rooms in a real browser, as wasm. Never a server: what needs one is an end-to-end test.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn a_view_is_mounted_in_the_document() {
    let host = document().create_element("section").unwrap();
    document().body().unwrap().append_child(&host).unwrap();
    let _mounted =
        leptos::mount::mount_to(wasm_bindgen::JsCast::unchecked_into(host.clone()), || view! { <p>"Orrery"</p> });
    assert_eq!(host.text_content().as_deref(), Some("Orrery"));
}
