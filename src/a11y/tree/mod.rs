//! The keyboard's and the screen reader's way through the fleet: arrows, one stop in the tab order, a focus that is not lost.
//! Never what a workspace says of itself.
//!
//! The cards themselves are the tree: what the eye, a finger and a screen reader find stands at one place. Only some are
//! mounted, so the arrows ask the whole fleet where they lead, and each card says its place among all of its siblings.

mod order;
mod marks;
mod held;
mod way;
mod left;

use leptos::prelude::*;

use crate::canvas::CanvasController;
use crate::store::StoreSignals;

use held::Held;
use marks::Marks;
use way::Way;

pub use left::focus_is_left;

#[component]
pub fn Keyboard() -> impl IntoView {
    let (controller, signals) = (expect_context::<CanvasController>(), expect_context::<StoreSignals>());
    let marks = Marks::new(controller);
    let held = Held::new(controller);
    let way = Way::new(controller, held);
    Effect::new(move |_| {
        signals.rendered.track();
        signals.count.track();
        marks.soon();
        held.soon();
    });
    Effect::new(move |_| {
        controller.focused_id().track();
        marks.soon();
    });
    // A button that had the focus may be gone or disabled without its card being another one.
    Effect::new(move |_| {
        if held.is_any() {
            signals.seq.track();
            signals.now.track();
            held.soon();
        }
    });
    marks.listen();
    held.listen();
    way.listen();
}
