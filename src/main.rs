//! Mounts the app. Never logic.

#[cfg(target_arch = "wasm32")]
fn main() {
    leptos::mount::mount_to_body(orrery::app::start);
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    // The page has no native form; `cargo xtask run` starts the server that serves it.
}
