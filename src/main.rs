//! Mounts the app. Never logic.
use leptos::prelude::*;
fn main() {
    mount_to_body(|| view! { <p>"Orrery"</p> })
}
