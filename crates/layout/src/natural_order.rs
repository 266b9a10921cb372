//! Natural order of names: runs of digits compare as numbers, so that "worker 2" comes before "worker 10".

use std::cmp::Ordering;

/// Compares two names in natural order, without regard to the case of letters.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut rest_a, mut rest_b) = (a, b);
    loop {
        let (Some(next_a), Some(next_b)) = (rest_a.chars().next(), rest_b.chars().next()) else {
            return rest_a.len().cmp(&rest_b.len()).then_with(|| a.cmp(b));
        };
        let ordering = if next_a.is_ascii_digit() && next_b.is_ascii_digit() {
            compare_numbers(split_digits(&mut rest_a), split_digits(&mut rest_b))
        } else {
            (rest_a, rest_b) = (&rest_a[next_a.len_utf8()..], &rest_b[next_b.len_utf8()..]);
            next_a.to_lowercase().cmp(next_b.to_lowercase())
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
}

/// Splits the digits off the beginning of a text, and returns them.
fn split_digits<'a>(text: &mut &'a str) -> &'a str {
    let end = text.find(|next: char| !next.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    *text = rest;
    digits
}

fn compare_numbers(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value_and_letters_without_case() {
        let ordered = [
            "",
            "Alpha",
            "beta",
            "beta 2",
            "beta 10",
            "Beta 10b",
            "gamma 007",
            "gamma 8",
            "gamma 99999999999999999999",
        ];
        for (index, a) in ordered.iter().enumerate() {
            for (other, b) in ordered.iter().enumerate() {
                assert_eq!(natural_order(a, b), index.cmp(&other), "{a:?} and {b:?}");
            }
        }
        assert_ne!(natural_order("a", "A"), Ordering::Equal, "the order is total");
    }
}
