//! `window.orrery`: what tests and scripts may ask the page. Public, documented, stable. Never a way to change it.

use js_sys::{Object, Reflect};
use leptos::prelude::window;
use leptos::reactive::traits::WithValue;
use orrery_protocol::WorkspaceId;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use crate::canvas::CanvasController;
use crate::store::CanvasStore;
use crate::store::PerfCounters;
use orrery_layout::{Point, Rect};

/// There as soon as the second file is (`data-ready`). `state()` answers `{seq, epoch, count, counts_by_status, hash}`; while the first state is on its way, of what is there.
/// `work()` answers `{turns, events, effects, painted}`: how much the page did so far. They only grow.
///
/// `rect(id)` returns `{x, y, width, height}`, in CSS pixels of the window, of any workspace: a card, a drawn tile, or one
/// that is out of sight; `null` if the id is unknown. Of a workspace inside a collapsed team it is the rectangle of the
/// team's card. At the least zoom (0.01) a card is 2.4 by 1.6 pixels, so every shown workspace has a place on the screen.
///
/// `at(x, y)` returns the id of the topmost workspace at a point of the window, or `null`: the one that a click there opens.
/// A member lies above its team; a team is answered on its header and between its members. What lies over the canvas, such
/// as an open menu, is not considered; outside of the canvas it is `null`.
pub fn install(controller: CanvasController) {
    let store = controller.store;
    let state = Closure::<dyn Fn() -> JsValue>::new(move || store.with_value(state)).into_js_value();
    let work = Closure::<dyn Fn() -> JsValue>::new(work).into_js_value();
    let rect = Closure::<dyn Fn(JsValue) -> JsValue>::new(move |id| rect(controller, &id)).into_js_value();
    let at = Closure::<dyn Fn(f64, f64) -> JsValue>::new(move |x, y| {
        controller.hit_in_window(Point::new(x, y)).map_or(JsValue::NULL, |id| id.as_str().into())
    });
    let hooks = object([("state", state), ("work", work), ("rect", rect), ("at", at.into_js_value())]);
    // A page whose window cannot be written to still works.
    let _ = Reflect::set(&window(), &"orrery".into(), &hooks);
}

fn state(store: &CanvasStore) -> JsValue {
    let canvas = store.canvas();
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
        ("epoch", store.epoch().map_or(JsValue::NULL, |epoch| epoch.as_str().into())),
        ("count", canvas.len().into()),
        ("counts_by_status", counts_by_status),
        ("hash", format!("{:016x}", canvas.hash()).into()),
    ])
}

fn rect(controller: CanvasController, id: &JsValue) -> JsValue {
    let id = id.as_string().and_then(|id| id.parse::<WorkspaceId>().ok());
    id.and_then(|id| controller.rect_in_window(&id)).map_or(JsValue::NULL, |Rect { at, size }| {
        object(
            [("x", at.x), ("y", at.y), ("width", size.width), ("height", size.height)]
                .map(|(name, value)| (name, value.into())),
        )
    })
}

fn work() -> JsValue {
    let PerfCounters { frames, events, card_effects, overview_nodes } = PerfCounters::now();
    let counts = [("turns", frames), ("events", events), ("effects", card_effects), ("painted", overview_nodes)];
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
