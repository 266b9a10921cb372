//! `window.orrery`: what tests and scripts may ask the page. Public, documented, stable. Never a way to change it.

use js_sys::{Object, Reflect};
use leptos::prelude::{StoredValue, window};
use leptos::reactive::owner::LocalStorage;
use leptos::reactive::traits::WithValue;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use crate::fleet::Fleet;
use crate::tally::Tally;

/// There as soon as the second file is (`data-ready`). `state()` answers `{seq, epoch, count, counts_by_status, hash}`; while the first state is on its way, of what is there.
/// `work()` answers `{turns, events, effects, painted}`: how much the page did so far. They only grow.
pub fn install(fleet: StoredValue<Fleet, LocalStorage>) {
    let state = Closure::<dyn Fn() -> JsValue>::new(move || fleet.with_value(state)).into_js_value();
    let work = Closure::<dyn Fn() -> JsValue>::new(work).into_js_value();
    let hooks = object([("state", state), ("work", work)]);
    // A page whose window cannot be written to still works.
    let _ = Reflect::set(&window(), &"orrery".into(), &hooks);
}

fn state(fleet: &Fleet) -> JsValue {
    let canvas = fleet.canvas();
    let counts = canvas.counts();
    let counts_by_status = object([
        ("provisioning", counts.provisioning.into()),
        ("online", counts.online.into()),
        ("degraded", counts.degraded.into()),
        ("offline", counts.offline.into()),
        ("failed", counts.failed.into()),
        ("other", counts.other.into()),
    ]);
    object([
        ("seq", (canvas.seq() as f64).into()),
        ("epoch", fleet.epoch().map_or(JsValue::NULL, |epoch| epoch.as_str().into())),
        ("count", canvas.len().into()),
        ("counts_by_status", counts_by_status),
        ("hash", format!("{:016x}", canvas.hash()).into()),
    ])
}

fn work() -> JsValue {
    let Tally { turns, events, effects, painted } = Tally::now();
    let counts = [("turns", turns), ("events", events), ("effects", effects), ("painted", painted)];
    object(counts.map(|(name, count)| (name, (count as f64).into())))
}

fn object<const N: usize>(fields: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A fresh object takes every field.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}
