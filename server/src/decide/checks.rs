//! What callers may say: names, tiers, models. Never what follows from it.

use crate::error::Refusal;

/// Longer names are a mistake, not a name.
const LONGEST: usize = 256;

/// A name that can be shown: trimmed, not empty, not endless.
pub(super) fn named(field: &str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Refusal::BadRequest(format!("{field} must not be empty"))),
        1..=LONGEST => Ok(text.to_owned()),
        _ => Err(Refusal::BadRequest(format!("{field} has at most {LONGEST} characters"))),
    }
}

/// The same, where nothing and `""` both mean none.
pub(super) fn maybe_named(field: &str, text: Option<&str>) -> Result<Option<String>, Refusal> {
    text.filter(|text| !text.trim().is_empty()).map(|text| named(field, text)).transpose()
}

pub(super) fn tier(tier: u8) -> Result<u8, Refusal> {
    match tier {
        1..=4 => Ok(tier),
        _ => Err(Refusal::BadRequest(format!("tier is 1 to 4, not {tier}"))),
    }
}

/// A coordinate that somebody could look at.
pub(super) fn place(field: &str, at: f64) -> Result<f64, Refusal> {
    const FARTHEST: f64 = 1_000_000.0;
    match at.abs() <= FARTHEST {
        true => Ok(at),
        false => Err(Refusal::BadRequest(format!("{field} is at most {FARTHEST} pixels from the middle, not {at}"))),
    }
}

/// An error rate as it may be folded.
pub(super) fn rate(field: &str, rate: f64) -> Result<f64, Refusal> {
    match (0.0..=1.0).contains(&rate) {
        // `-0.0` is 0, and has the same digest.
        true => Ok(rate.abs()),
        false => Err(Refusal::BadRequest(format!("{field} is 0 to 1, not {rate}"))),
    }
}

/// Where an agent can be called; none is fine, but nothing that a browser would run.
pub(super) fn url(url: &str) -> Result<Option<String>, Refusal> {
    // Most agents run on the server's own machine or network, where http is right (see docs/operations.md).
    let is_web = url.starts_with("http://") || url.starts_with("https://");
    let known = is_web && url.parse::<reqwest::Url>().is_ok_and(|url| url.has_host());
    match url.len() {
        0 => Ok(None),
        ..=2048 if known && !url.contains(char::is_whitespace) => Ok(Some(url.to_owned())),
        _ => Err(Refusal::BadRequest(
            "url is an http:// or https:// address with a host, of at most 2048 characters".into(),
        )),
    }
}

pub(super) fn seconds(field: &str, seconds: f64) -> Result<(), Refusal> {
    match seconds.is_finite() && seconds >= 0.0 {
        true => Ok(()),
        false => Err(Refusal::BadRequest(format!("{field} is not negative"))),
    }
}
