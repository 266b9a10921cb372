//! `window.orrery`: a read-only, documented and stable API for tests and scripts (`docs/protocol.md`, section 14.3).

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

/// Installs `window.orrery`. It exists as soon as the lazily loaded chunk does (`data-ready`).
///
/// `state()` returns `{seq, epoch, count, counts_by_status, hash}`; while the first snapshot is being loaded, of the part that
/// has arrived.
///
/// `work()` returns the counters `{turns, events, painted}` of the work done so far. They only grow.
///
/// `rect(id)` returns `{x, y, width, height}`, in CSS pixels of the window, of any workspace: a card, a drawn tile, or one
/// outside the window; `null` if the id is unknown. Of a workspace inside a collapsed team it is the rectangle of the
/// team's card. At the least zoom (0.01) a card is 2.4 by 1.6 pixels, so every shown workspace has a place on the screen.
///
/// `label(id)` returns the rectangle of the band with a team's label, likewise; `null` for what is no expanded team, and for
/// a team that is too small for a band.
///
/// `at(x, y)` returns the id of the topmost workspace at a point of the window, or `null`: the one that a click there opens.
/// A member lies above its team; the team is returned on its header and between its members. Elements over the canvas, such
/// as an open menu, are ignored; outside the canvas the result is `null`.
pub fn install(controller: CanvasController) {
    let store = controller.store;
    let state = Closure::<dyn Fn() -> JsValue>::new(move || store.with_value(state)).into_js_value();
    let work = Closure::<dyn Fn() -> JsValue>::new(work).into_js_value();
    let rect = rect_hook(move |id| controller.rect_in_window(id));
    let label = rect_hook(move |id| controller.label_in_window(id));
    let at = Closure::<dyn Fn(f64, f64) -> JsValue>::new(move |x, y| {
        controller.hit_test_window(Point::new(x, y)).map_or(JsValue::NULL, |id| id.as_str().into())
    });
    let api = object([("state", state), ("work", work), ("rect", rect), ("label", label), ("at", at.into_js_value())]);
    // The page works without the API too.
    let _ = Reflect::set(&window(), &"orrery".into(), &api);
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

/// Returns a function of an id, whose result is a rectangle or `null`.
fn rect_hook(rect: impl Fn(&WorkspaceId) -> Option<Rect> + 'static) -> JsValue {
    let hook = Closure::<dyn Fn(JsValue) -> JsValue>::new(move |id: JsValue| {
        let id = id.as_string().and_then(|id| id.parse::<WorkspaceId>().ok());
        id.and_then(|id| rect(&id)).map_or(JsValue::NULL, |Rect { at, size }| {
            object(
                [("x", at.x), ("y", at.y), ("width", size.width), ("height", size.height)]
                    .map(|(name, value)| (name, value.into())),
            )
        })
    });
    hook.into_js_value()
}

fn work() -> JsValue {
    let PerfCounters { frames, events, overview_nodes } = PerfCounters::now();
    let counters = [("turns", frames), ("events", events), ("painted", overview_nodes)];
    object(counters.map(|(name, count)| (name, (count as f64).into())))
}

fn object<const N: usize>(fields: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a property of a new object succeeds.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}
