//! How long each free text may be. A longer one is cut and ends with `…`, so that no call fails for it.

/// A heartbeat's `current_task`, in characters.
pub const CURRENT_TASK: usize = 2_000;
/// A heartbeat's `sample_error`.
pub const SAMPLE_ERROR: usize = 2_000;
/// An activity's `summary`.
pub const SUMMARY: usize = 2_000;
/// An activity's `method` and `status`.
pub const LABEL: usize = 256;
/// Why an agent was removed, an execution cancelled, an approval given or refused.
pub const REASON: usize = 2_000;
/// A run event's `message`.
pub const MESSAGE: usize = 4_000;

/// Returns the text, cut to at most `most` characters of which the last is then `…`.
pub fn cut(text: String, most: usize) -> String {
    // Counting characters costs as much as the text is long: a short one is known by its bytes.
    if text.len() <= most || text.chars().count() <= most {
        return text;
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters_and_marked() {
        assert_eq!(cut("kurz".into(), 4), "kurz");
        assert_eq!(cut("länger".into(), 4), "län…");
        assert_eq!(cut("ääää".into(), 4), "ääää");
        assert_eq!(cut("x".repeat(1_000_000), CURRENT_TASK).chars().count(), CURRENT_TASK);
    }
}
