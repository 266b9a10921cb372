//! Tests of the page's modules in Chromium, as wasm. Tests that need a server are end-to-end tests.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn mounts_a_view_in_the_document() {
    let host = document().create_element("section").unwrap();
    document().body().unwrap().append_child(&host).unwrap();
    let _mounted =
        leptos::mount::mount_to(wasm_bindgen::JsCast::unchecked_into(host.clone()), || view! { <p>"Orrery"</p> });
    assert_eq!(host.text_content().as_deref(), Some("Orrery"));
}
