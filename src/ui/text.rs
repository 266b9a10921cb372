//! Helpers for texts in the interface.

/// Returns the text with a capital first letter if that is an ASCII letter.
/// It is used for our own texts only, and the tables of all other alphabets would add 5 KB to the download.
pub fn capitalized(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn capitalizes_only_an_ascii_first_letter() {
        assert_eq!(capitalized("the agent failed"), "The agent failed");
        assert_eq!(capitalized("Already"), "Already");
        assert_eq!(capitalized("éclair"), "éclair");
        assert_eq!(capitalized(""), "");
    }
}
