//! Settings that outlive the page, in `localStorage`.

use leptos::prelude::window;
use web_sys::Storage;

/// Returns the value of a setting, or `None` if it was never set or the browser forbids storage.
pub fn get(key: &str) -> Option<String> {
    local_storage()?.get_item(key).ok().flatten()
}

/// Sets a setting. Without effect if the browser forbids storage or it is full.
pub fn set(key: &str, value: &str) {
    if let Some(storage) = local_storage() {
        let _ = storage.set_item(key, value);
    }
}

/// Removes a setting.
pub fn remove(key: &str) {
    if let Some(storage) = local_storage() {
        let _ = storage.remove_item(key);
    }
}

fn local_storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
