//! What the shell asked for while the program was on its way: each taken once. Never asked for here.

use gloo_net::http::Response;
use js_sys::{Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// As the shell names them.
pub(super) const CONFIG: &str = "config";
pub(super) const SNAPSHOT: &str = "snapshot";

pub(super) fn is_there(name: &str) -> bool {
    promise(name).is_some()
}

/// None when it was taken, never asked for, or did not come.
pub(super) async fn take(name: &str) -> Option<Response> {
    let promise = promise(name)?;
    // What is let go of is not kept in memory.
    let _ = Reflect::set(&all()?, &name.into(), &JsValue::NULL);
    let answer = JsFuture::from(promise).await.ok()?;
    Some(Response::from(answer.dyn_into::<web_sys::Response>().ok()?))
}

fn promise(name: &str) -> Option<Promise> {
    Reflect::get(&all()?, &name.into()).ok()?.dyn_into().ok()
}

fn all() -> Option<JsValue> {
    Reflect::get(&window(), &"orreryEarly".into()).ok().filter(JsValue::is_object)
}
