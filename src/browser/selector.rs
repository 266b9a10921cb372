//! CSS selectors made from texts of other systems.

/// Returns a selector of the elements whose attribute has this value. The value may contain quotes and backslashes.
pub fn attribute_selector(name: &str, value: &str) -> String {
    format!("[{name}=\"{}\"]", value.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use leptos::prelude::document;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn elements_are_found_by_ids_of_other_systems() {
        for id in ["ws-1", "order/17", "研究-1", "a b", r#"<b>'"\"#, "]", "\\"] {
            let element = document().create_element("i").unwrap();
            element.set_attribute("data-step-id", id).unwrap();
            let found = element.matches(&format!("i{}", attribute_selector("data-step-id", id)));
            assert_eq!(found, Ok(true), "{id}");
        }
    }
}
