//! Names short enough for a tile: without the words that siblings share, or elided in the middle.

use std::borrow::Cow;

/// Returns the words that all of these names begin with, including the separator after them; nothing for fewer than two
/// names. What remains of each name begins with a letter: "worker 7" is left of "Payments worker 7", not "7".
pub fn shared_prefix<'a>(mut names: impl Iterator<Item = &'a str> + Clone) -> &'a str {
    let all = names.clone();
    let Some(first) = names.next() else { return "" };
    let mut shared = first;
    let mut count = 1;
    for name in names {
        count += 1;
        let common = shared.chars().zip(name.chars()).take_while(|(one, other)| one == other);
        shared = &shared[..common.map(|(letter, _)| letter.len_utf8()).sum()];
        if shared.is_empty() {
            return "";
        }
    }
    let cuts = shared.char_indices().rev().filter(|(_, letter)| is_separator(*letter));
    let mut cuts = cuts.map(|(at, letter)| at + letter.len_utf8());
    // Inside the shared part one name speaks for all.
    let is_word = |cut: &usize| match *cut < shared.len() {
        true => starts_with_letter(&first[*cut..]),
        false => all.clone().all(|name| starts_with_letter(&name[*cut..])),
    };
    let cut = if count < 2 { None } else { cuts.find(is_word) };
    &first[..cut.unwrap_or(0)]
}

/// Returns at which byte of a name the part begins that tells it from its siblings. `shared` is their [`shared_prefix`]; the
/// name of the team around it is dropped as well.
pub fn differing_part(name: &str, shared: &str, team: Option<&str>) -> usize {
    let after_team = || {
        let rest = name.strip_prefix(team.filter(|team| !team.is_empty())?)?;
        let separator = rest.chars().next().filter(|letter| is_separator(*letter))?;
        let start = name.len() - rest.len() + separator.len_utf8();
        starts_with_letter(&name[start..]).then_some(start)
    };
    let after_shared = name.strip_prefix(shared).filter(|rest| starts_with_letter(rest));
    after_team().unwrap_or(0).max(after_shared.map_or(0, |rest| name.len() - rest.len()))
}

/// Returns the text if it is at most `max_width` wide, and otherwise its beginning and its end around an ellipsis; nothing
/// where not even a letter and the ellipsis fit.
pub fn elide_middle<'a>(text: &'a str, max_width: f64, width: &dyn Fn(char) -> f64) -> Cow<'a, str> {
    if text.chars().map(width).sum::<f64>() <= max_width {
        return Cow::Borrowed(text);
    }
    let room = max_width - width('…');
    let fits = |letters: &mut dyn Iterator<Item = char>, room: f64| {
        let mut used = 0.0;
        let taken = letters.take_while(|letter| {
            used += width(*letter);
            used <= room
        });
        taken.map(char::len_utf8).sum::<usize>()
    };
    // The beginning gets the odd letter.
    let tail = fits(&mut text.chars().rev(), room / 2.0);
    let tail = &text[text.len() - tail..];
    let head = fits(&mut text.chars(), room - tail.chars().map(width).sum::<f64>());
    match head {
        0 => Cow::Borrowed(""),
        _ => Cow::Owned(format!("{}…{}", text[..head].trim_end_matches(' '), tail.trim_start_matches(' '))),
    }
}

fn is_separator(letter: char) -> bool {
    matches!(letter, ' ' | '-' | '_' | '/' | ':' | '.' | '·')
}

/// Of other scripts every character counts.
fn starts_with_letter(text: &str) -> bool {
    text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn cases(of: &str) -> Vec<Value> {
        let cases: Value = serde_json::from_str(include_str!("../tests/cases/names.json")).unwrap();
        cases[of].as_array().unwrap().clone()
    }

    #[test]
    fn names_lose_the_words_that_siblings_or_their_team_share() {
        for case in cases("siblings") {
            let texts = |key: &str| case[key].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
            let shared = shared_prefix(texts("names"));
            let shown = texts("names").map(|name| &name[differing_part(name, shared, case["team"].as_str())..]);
            assert!(shown.eq(texts("shown")), "{case}: {shared}");
        }
    }

    #[test]
    fn wide_texts_are_elided_in_the_middle() {
        for case in cases("elided") {
            let shown = elide_middle(case["text"].as_str().unwrap(), case["width"].as_f64().unwrap(), &|_| 1.0);
            assert_eq!(shown, case["shown"].as_str().unwrap(), "{case}");
        }
    }
}
