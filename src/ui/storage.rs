//! The browser's local storage. It may be disabled; then nothing is remembered beyond the page.

use leptos::prelude::window;

/// Returns the stored value, or None if there is none or storage is disabled.
pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Stores a value. Does nothing if storage is disabled or full.
pub fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}

/// Removes a value. Does nothing if storage is disabled.
pub fn remove(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn reads_what_was_written_until_it_is_removed() {
        let key = "orrery.test.storage";
        assert_eq!(read(key), None);
        write(key, "one");
        assert_eq!(read(key).as_deref(), Some("one"));
        remove(key);
        assert_eq!(read(key), None);
    }
}
