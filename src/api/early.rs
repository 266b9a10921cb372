//! What the shell asked for while the program was on its way: each answer is taken once. Never asked for here.

use gloo_net::http::Response;
use js_sys::{Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Their places in the shell's list.
#[derive(Clone, Copy)]
pub(super) enum Early {
    Config = 0,
    Snapshot = 1,
}

impl Early {
    pub(super) fn is_there(self) -> bool {
        self.promise().is_some()
    }

    /// None when it was taken, never asked for, or did not come.
    pub(super) async fn take(self) -> Option<Response> {
        let promise = self.promise()?;
        // What is let go of is not kept in memory.
        let _ = Reflect::set_u32(&list()?, self as u32, &JsValue::NULL);
        let answer = JsFuture::from(promise).await.ok()?;
        Some(Response::from(answer.dyn_into::<web_sys::Response>().ok()?))
    }

    fn promise(self) -> Option<Promise> {
        Reflect::get_u32(&list()?, self as u32).ok()?.dyn_into().ok()
    }
}

fn list() -> Option<JsValue> {
    Reflect::get(&window(), &"orreryEarly".into()).ok().filter(JsValue::is_object)
}
