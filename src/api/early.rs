//! The snapshot that the shell asked for while the program was on its way: taken once. Never asked for here.

use gloo_net::http::Response;
use js_sys::{Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

pub(super) fn is_there() -> bool {
    promise().is_some()
}

/// None when it was taken, never asked for, or did not come.
pub(super) async fn take() -> Option<Response> {
    let promise = promise()?;
    // What is let go of is not kept in memory.
    let _ = Reflect::set(&window(), &NAME.into(), &JsValue::NULL);
    let answer = JsFuture::from(promise).await.ok()?;
    Some(Response::from(answer.dyn_into::<web_sys::Response>().ok()?))
}

const NAME: &str = "orreryEarly";

fn promise() -> Option<Promise> {
    Reflect::get(&window(), &NAME.into()).ok()?.dyn_into().ok()
}
