//! Small changes to texts that are shown.

/// Returns the text with a capital first letter. What does not begin with a letter of ASCII is returned as it is:
/// the words that are shown so are our own, and the tables of all other alphabets are 5 KB of brotli.
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
    fn only_the_first_letter_changes() {
        assert_eq!(capitalized("the agent failed"), "The agent failed");
        assert_eq!(capitalized("Already"), "Already");
        assert_eq!(capitalized("éclair"), "éclair");
        assert_eq!(capitalized(""), "");
    }
}
