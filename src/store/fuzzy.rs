//! How well a few letters fit a text: all of them, in order, better at the beginnings of words and side by side. Pure.
//! Never which texts.

/// The more the better; and which letters of the text were meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    pub score: i32,
    pub search_index: Vec<usize>,
}

const BEGINS: i32 = 40;
const BEGINS_WORD: i32 = 24;
const BESIDE: i32 = 16;
/// All of it in one piece.
const TOGETHER: i32 = 30;
const FOUND: i32 = 4;
const SKIPPED: i32 = 1;
/// So many letters that do not count; beyond, far is far.
const SKIPPED_MOST: i32 = 8;
/// A text that is not much longer than what is sought is meant rather than a longer one.
const LONGER_MOST: i32 = 12;

/// Each word of `sought` must fit somewhere. Nothing fits everything.
pub fn fit(sought: &str, text: &str) -> Option<Fit> {
    let search_index: Vec<char> = text.chars().map(lower).collect();
    let begins = beginnings(text);
    let mut whole = Fit { score: 0, search_index: Vec::new() };
    for word in sought.split_whitespace() {
        let word: Vec<char> = word.chars().map(lower).collect();
        let one = fit_word(&word, &search_index, &begins)?;
        whole.score += one.score;
        whole.search_index.extend(one.search_index);
    }
    if !whole.search_index.is_empty() {
        let longer = search_index.len().saturating_sub(whole.search_index.len()) as i32;
        whole.score -= longer.min(LONGER_MOST);
    }
    whole.search_index.sort_unstable();
    whole.search_index.dedup();
    Some(whole)
}

/// From each place where the first letter stands: the letters after it, the nearest that begin a word or come next.
fn fit_word(word: &[char], text: &[char], begins: &[bool]) -> Option<Fit> {
    let first = *word.first()?;
    let starts = (0..text.len()).filter(|at| text[*at] == first);
    let mut best: Option<Fit> = None;
    for start in starts {
        let Some(mut fit) = from(start, word, text, begins) else { break };
        let is_together = fit.search_index.last() == Some(&(start + word.len() - 1));
        fit.score += if is_together { TOGETHER } else { 0 };
        // Letters strewn over the middles of words fit nearly everything.
        if (begins[start] || is_together) && best.as_ref().is_none_or(|best| fit.score > best.score) {
            best = Some(fit);
        }
    }
    best
}

fn from(start: usize, word: &[char], text: &[char], begins: &[bool]) -> Option<Fit> {
    let mut fit = Fit { score: FOUND + place(start, begins), search_index: vec![start] };
    let mut last = start;
    for (index, letter) in word.iter().enumerate().skip(1) {
        let next = match text.get(last + 1) {
            Some(beside) if beside == letter => last + 1,
            _ => jump(last, &word[index..], text, begins)?,
        };
        let skipped = (next - last - 1) as i32;
        fit.score +=
            FOUND + if skipped == 0 { BESIDE } else { place(next, begins) - skipped.min(SKIPPED_MOST) * SKIPPED };
        fit.search_index.push(next);
        last = next;
    }
    Some(fit)
}

/// The beginning of a later word, when what is left still fits from there; otherwise the next such letter.
fn jump(last: usize, left: &[char], text: &[char], begins: &[bool]) -> Option<usize> {
    let mut places = (last + 1..text.len()).filter(|at| text[*at] == left[0]);
    let nearest = places.clone().next()?;
    let at_word = places.find(|at| begins[*at] && is_within(&left[1..], &text[*at + 1..]));
    Some(at_word.unwrap_or(nearest))
}

fn is_within(left: &[char], text: &[char]) -> bool {
    let mut search_index = text.iter();
    left.iter().all(|letter| search_index.any(|one| one == letter))
}

fn place(at: usize, begins: &[bool]) -> i32 {
    match at {
        0 => BEGINS,
        _ if begins[at] => BEGINS_WORD,
        _ => 0,
    }
}

/// After a space or a sign, where small letters turn to large ones, and where digits begin. Every sign beyond ASCII that is
/// no space counts as a small letter: it only weighs how well a text fits, and the tables of all alphabets would be 3 KB of brotli.
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

/// One letter for one letter, so that places stay places.
fn lower(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// The letters that were meant stand in brackets.
    fn shown(sought: &str, text: &str) -> Option<String> {
        let fit = fit(sought, text)?;
        let mark = |(at, letter): (usize, char)| match fit.search_index.contains(&at) {
            true => format!("[{letter}]"),
            false => letter.to_string(),
        };
        Some(text.chars().enumerate().map(mark).collect::<String>().replace("][", ""))
    }

    #[wasm_bindgen_test]
    fn what_fits_and_where() {
        for (sought, text, expected) in [
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
            assert_eq!(shown(sought, text).as_deref(), expected, "{sought:?} in {text:?}");
        }
    }

    #[wasm_bindgen_test]
    fn the_better_fit_is_first() {
        for (sought, better, worse) in [
            ("seo", "SEO audit", "Vancouver SEO"),
            ("seo", "Vancouver SEO", "Senior office"),
            ("fit", "Fit the fleet", "Filter"),
            ("web", "Web", "Website team"),
            ("ops", "Ops", "Shops of the north"),
            ("np", "Next problem", "Open the snapshot"),
            ("research 2", "Research 2", "Research 12"),
        ] {
            let score = |text| fit(sought, text).map_or(i32::MIN, |fit| fit.score);
            assert!(
                score(better) > score(worse),
                "{sought:?}: {better:?} {} {worse:?} {}",
                score(better),
                score(worse)
            );
        }
    }
}
