//! Fuzzy match: whether the letters of a query occur in a text in order, and how well. Beginnings of words and runs of
//! letters score higher.

/// A match of a query in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FuzzyMatch {
    /// Higher is better.
    pub score: i32,
    /// The positions of the matched characters in the text, ascending.
    pub positions: Vec<usize>,
}

/// For a match at the beginning of the text.
const BEGINS: i32 = 40;
/// For a match at the beginning of a word.
const BEGINS_WORD: i32 = 24;
/// For a letter right after the one before.
const BESIDE: i32 = 16;
/// For a word that matches in one piece.
const TOGETHER: i32 = 30;
/// For each letter.
const FOUND: i32 = 4;
/// Less for each letter between two matched ones.
const SKIPPED: i32 = 1;
/// How many skipped letters count at most.
const SKIPPED_MOST: i32 = 8;
/// How many surplus letters of a text count at most: shorter texts score higher.
const LONGER_MOST: i32 = 12;

/// Returns the best match, or `None` if some word of the query does not match. An empty query matches every text.
pub fn fuzzy_match(query: &str, text: &str) -> Option<FuzzyMatch> {
    let letters: Vec<char> = text.chars().map(lower).collect();
    let begins = beginnings(text);
    let mut whole = FuzzyMatch { score: 0, positions: Vec::new() };
    for word in query.split_whitespace() {
        let word: Vec<char> = word.chars().map(lower).collect();
        let one = match_word(&word, &letters, &begins)?;
        whole.score += one.score;
        whole.positions.extend(one.positions);
    }
    if !whole.positions.is_empty() {
        let longer = letters.len().saturating_sub(whole.positions.len()) as i32;
        whole.score -= longer.min(LONGER_MOST);
    }
    whole.positions.sort_unstable();
    whole.positions.dedup();
    Some(whole)
}

/// Returns the best match of one word: from each place of its first letter, the letters after it that come next or begin a word.
fn match_word(word: &[char], text: &[char], begins: &[bool]) -> Option<FuzzyMatch> {
    let first = *word.first()?;
    let starts = (0..text.len()).filter(|at| text[*at] == first);
    let mut best: Option<FuzzyMatch> = None;
    for start in starts {
        let Some(mut found) = match_from(start, word, text, begins) else { break };
        let is_together = found.positions.last() == Some(&(start + word.len() - 1));
        found.score += if is_together { TOGETHER } else { 0 };
        // Letters scattered over the middles of words would match nearly every text.
        if (begins[start] || is_together) && best.as_ref().is_none_or(|best| found.score > best.score) {
            best = Some(found);
        }
    }
    best
}

fn match_from(start: usize, word: &[char], text: &[char], begins: &[bool]) -> Option<FuzzyMatch> {
    let mut found = FuzzyMatch { score: FOUND + place(start, begins), positions: vec![start] };
    let mut last = start;
    for (index, letter) in word.iter().enumerate().skip(1) {
        let next = match text.get(last + 1) {
            Some(beside) if beside == letter => last + 1,
            _ => jump(last, &word[index..], text, begins)?,
        };
        let skipped = (next - last - 1) as i32;
        found.score +=
            FOUND + if skipped == 0 { BESIDE } else { place(next, begins) - skipped.min(SKIPPED_MOST) * SKIPPED };
        found.positions.push(next);
        last = next;
    }
    Some(found)
}

/// Returns the beginning of a later word, if the rest matches from there, otherwise the next such letter.
fn jump(last: usize, left: &[char], text: &[char], begins: &[bool]) -> Option<usize> {
    let mut places = (last + 1..text.len()).filter(|at| text[*at] == left[0]);
    let nearest = places.clone().next()?;
    let at_word = places.find(|at| begins[*at] && is_within(&left[1..], &text[*at + 1..]));
    Some(at_word.unwrap_or(nearest))
}

fn is_within(left: &[char], text: &[char]) -> bool {
    let mut letters = text.iter();
    left.iter().all(|letter| letters.any(|other| other == letter))
}

fn place(at: usize, begins: &[bool]) -> i32 {
    match at {
        0 => BEGINS,
        _ if begins[at] => BEGINS_WORD,
        _ => 0,
    }
}

/// Returns which characters begin a word: after a space or a sign, at a change from lower to upper case, and at the first of
/// some digits. A character beyond ASCII that is no space counts as a lower-case letter: this only changes scores, and the
/// Unicode tables would be 3 KB of brotli.
fn beginnings(text: &str) -> Vec<bool> {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || !(letter.is_ascii() || letter.is_whitespace());
    let is_small = |letter: char| letter.is_ascii_lowercase() || !letter.is_ascii();
    let mut before = ' ';
    let begins = text.chars().map(|letter| {
        let after_sign = is_letter(letter) && !is_letter(before);
        let hump = letter.is_ascii_uppercase() && is_small(before);
        let number = letter.is_ascii_digit() && !before.is_ascii_digit();
        before = letter;
        after_sign || hump || number
    });
    begins.collect()
}

/// Returns one character for each, so that positions are kept.
fn lower(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// Returns the text with the matched letters in brackets.
    fn shown(query: &str, text: &str) -> Option<String> {
        let found = fuzzy_match(query, text)?;
        let mark = |(at, letter): (usize, char)| match found.positions.contains(&at) {
            true => format!("[{letter}]"),
            false => letter.to_string(),
        };
        Some(text.chars().enumerate().map(mark).collect::<String>().replace("][", ""))
    }

    #[wasm_bindgen_test]
    fn matches_at_the_expected_positions() {
        for (query, text, expected) in [
            ("seo", "Vancouver SEO", Some("Vancouver [SEO]")),
            ("vs", "Vancouver SEO", Some("[V]ancouver [S]EO")),
            ("vanseo", "Vancouver SEO", Some("[Van]couver [SEO]")),
            ("seo van", "Vancouver SEO", Some("[Van]couver [SEO]")),
            ("ff", "Fit the fleet", Some("[F]it the [f]leet")),
            ("wb", "webBuilder", Some("[w]eb[B]uilder")),
            ("r12", "runner-12", Some("[r]unner-[12]")),
            ("ÜB", "Über uns", Some("[Üb]er uns")),
            ("oes", "Vancouver SEO", None),
            ("re", "Next problem", None),
            ("re", "Outreach", Some("Out[re]ach")),
            ("xyz", "Vancouver SEO", None),
            ("seo xyz", "Vancouver SEO", None),
            ("longer than it", "long", None),
            ("", "anything", Some("anything")),
            ("  ", "anything", Some("anything")),
            ("a", "", None),
        ] {
            assert_eq!(shown(query, text).as_deref(), expected, "{query:?} in {text:?}");
        }
    }

    #[wasm_bindgen_test]
    fn scores_the_better_match_higher() {
        for (query, better, worse) in [
            ("seo", "SEO audit", "Vancouver SEO"),
            ("seo", "Vancouver SEO", "Senior office"),
            ("fit", "Fit the fleet", "Filter"),
            ("web", "Web", "Website team"),
            ("ops", "Ops", "Shops of the north"),
            ("np", "Next problem", "Open the snapshot"),
            ("research 2", "Research 2", "Research 12"),
        ] {
            let score = |text| fuzzy_match(query, text).map_or(i32::MIN, |found| found.score);
            assert!(score(better) > score(worse), "{query:?}: {better:?} {} {worse:?} {}", score(better), score(worse));
        }
    }
}
