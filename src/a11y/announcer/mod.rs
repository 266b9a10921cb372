//! What a person learns without looking at the canvas: announcements for screen readers, the tab's title and icon, and
//! notifications of the system.

mod live_region;
mod notifications;
mod status_changes;
mod tab_title;

use leptos::prelude::*;

use live_region::LiveRegion;
use tab_title::TabTitle;

pub use notifications::{notification_label, toggle_notifications};

#[component]
pub fn Announcer() -> impl IntoView {
    view! {
        <LiveRegion />
        <TabTitle />
    }
}
