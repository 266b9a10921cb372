//! Entry point of the page: mounts the app to the document's body.

/// talc is a quarter of the size of the standard library's allocator, which alone is a fiftieth of the first load.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(orrery::app::App);
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    // The page has no native form; `cargo xtask run` starts the server that serves it.
}
