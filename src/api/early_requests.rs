//! Responses to the requests that `index.html` has sent while the program was being loaded. Each is used once.

use gloo_net::http::Response;
use js_sys::{Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The names of the requests in `index.html`.
pub(super) const CONFIG: &str = "config";
pub(super) const SNAPSHOT: &str = "snapshot";

/// Returns whether the request was sent and its response is not used yet.
pub(super) fn is_available(name: &str) -> bool {
    promise(name).is_some()
}

/// Returns the response, or `None` if it was used, never requested or failed.
pub(super) async fn take_response(name: &str) -> Option<Response> {
    let promise = promise(name)?;
    // The window must not keep the body alive.
    let _ = Reflect::set(&requests()?, &name.into(), &JsValue::NULL);
    let response = JsFuture::from(promise).await.ok()?;
    Some(Response::from(response.dyn_into::<web_sys::Response>().ok()?))
}

fn promise(name: &str) -> Option<Promise> {
    Reflect::get(&requests()?, &name.into()).ok()?.dyn_into().ok()
}

fn requests() -> Option<JsValue> {
    Reflect::get(&window(), &"orreryEarly".into()).ok().filter(JsValue::is_object)
}
