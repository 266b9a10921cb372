//! The workspaces as an ARIA tree: arrow keys, one stop in the tab order, and a focus that survives when elements change.
//!
//! The cards themselves are the tree items, so a screen reader finds them where they are on the canvas. Only some of them are
//! rendered: the arrow keys lead through all workspaces, and each card states its position among all of its siblings.

mod aria;
mod focus_fallback;
mod focus_restore;
mod navigation;
mod order;

use leptos::prelude::*;

use crate::canvas::CanvasController;
use crate::store::StoreSignals;

use aria::TreeAria;
use focus_restore::FocusRestore;
use navigation::Navigation;

pub use focus_fallback::focus_tree_if_lost;

/// Makes the canvas an ARIA tree while it is mounted; renders nothing.
#[component]
pub fn WorkspaceTree() -> impl IntoView {
    let (controller, signals) = (expect_context::<CanvasController>(), expect_context::<StoreSignals>());
    let aria = TreeAria::new(controller);
    let focus = FocusRestore::new(controller);
    let navigation = Navigation::new(controller, focus);
    Effect::new(move |_| {
        signals.rendered.track();
        signals.count.track();
        aria.schedule_update();
        focus.schedule_restore();
    });
    Effect::new(move |_| {
        controller.focused_id().track();
        aria.schedule_update();
    });
    // A focused button may be gone or disabled although its card is the same element.
    Effect::new(move |_| {
        if focus.is_in_tree() {
            signals.seq.track();
            signals.now.track();
            focus.schedule_restore();
        }
    });
    aria.listen();
    focus.listen();
    navigation.listen();
}
