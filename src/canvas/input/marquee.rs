//! The marquee: the box that is drawn around the workspaces to select.

use leptos::prelude::*;

use orrery_layout::Rect;

/// `rect` is in CSS pixels of the canvas.
#[component]
pub(super) fn Marquee(rect: ReadSignal<Option<Rect>>) -> impl IntoView {
    let bounds = move || rect.get().unwrap_or_default();
    view! {
        <div
            class="marquee"
            hidden=move || rect.with(Option::is_none)
            style:transform=move || format!("translate({}px, {}px)", bounds().at.x, bounds().at.y)
            style:width=move || format!("{}px", bounds().size.width)
            style:height=move || format!("{}px", bounds().size.height)
        ></div>
    }
}
