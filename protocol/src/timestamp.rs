//! When something happened: RFC 3339 in UTC on the wire, milliseconds since 1970 inside. Never asks what time it is.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// The years 0000 to 9999: what RFC 3339 can say.
const RANGE: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a timestamp is written like 2026-03-30T12:00:00Z, not `{0}`")]
pub struct BadTimestamp(String);

impl Timestamp {
    /// A time outside the years 0000 to 9999 becomes the nearest one inside.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(*RANGE.start(), *RANGE.end()))
    }

    pub fn millis(self) -> i64 {
        self.0
    }

    pub fn plus_millis(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }
}

impl FromStr for Timestamp {
    type Err = BadTimestamp;

    /// Text without a zone is taken as UTC: older servers leave the zone out (see section 1.3 of docs/protocol.md).
    fn from_str(text: &str) -> Result<Self, BadTimestamp> {
        read(text).map(Self::from_millis).ok_or_else(|| BadTimestamp(text.chars().take(32).collect()))
    }
}

/// `2026-03-30T12:00:00.5+02:00`, its fraction and its zone left out or not. By hand, because the library's reader of
/// any format is a hundredth of a page; a property holds it against that one.
fn read(text: &str) -> Option<i64> {
    let digits = |at: usize, count: usize| {
        let digits = text.as_bytes().get(at..at + count)?;
        digits.iter().try_fold(0_i64, |number, digit| Some(number * 10 + i64::from(char::from(*digit).to_digit(10)?)))
    };
    let sign = |at: usize, any: &[u8]| text.as_bytes().get(at).filter(|sign| any.contains(sign)).copied();
    for (at, any) in [(4, b"-"), (7, b"-"), (13, b":"), (16, b":")] {
        sign(at, any)?;
    }
    sign(10, b"Tt")?;
    let (hour, minute, mut second) = (digits(11, 2)?, digits(14, 2)?, digits(17, 2)?);
    let (mut at, mut millis) = (19, 0);
    if sign(at, b".").is_some() {
        let fraction = text.as_bytes()[20..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        at += 1 + fraction;
        let kept = fraction.min(3);
        millis = digits(20, kept).filter(|_| kept > 0)? * [1000, 100, 10, 1][kept];
    }
    let zone = match sign(at, b"+-Zz") {
        None | Some(b'Z' | b'z') => 0,
        Some(direction) => {
            sign(at + 3, b":")?;
            let (hours, minutes) = (digits(at + 1, 2)?, digits(at + 4, 2)?);
            at += 5;
            let minutes = ((0..=23).contains(&hours) && (0..=59).contains(&minutes)).then_some(hours * 60 + minutes)?;
            if direction == b'-' { -minutes } else { minutes }
        }
    };
    if at + usize::from(at < text.len()) != text.len() {
        return None;
    }
    if second == 60 {
        // A leap second is the end of the one before it.
        (second, millis) = (59, 999);
    }
    let is_time = hour <= 23 && minute <= 59 && second <= 59;
    let days = days(digits(0, 4)?, digits(5, 2)?, digits(8, 2)?).filter(|_| is_time)?;
    Some((((days * 24 + hour) * 60 + minute - zone) * 60 + second) * 1000 + millis)
}

/// From 1970-01-01 on, in the calendar of today at all times.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    // As if years began in March, so that a leap day is the last.
    let (years, months) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leaps = years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400);
    (1..=length).contains(&day).then(|| years * 365 + leaps + (months * 153 + 2) / 5 + day - 719_469)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1000));
        let time = time.map(|time| time + time::Duration::milliseconds(self.0.rem_euclid(1000)));
        let text = time.expect("the range is kept at construction").format(&Rfc3339).map_err(|_| fmt::Error)?;
        to.write_str(&text)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_both_origins_send_and_writes_utc() {
        for (text, written) in [
            ("2026-03-30T12:00:00Z", "2026-03-30T12:00:00Z"),
            ("2026-03-30T14:00:00+02:00", "2026-03-30T12:00:00Z"),
            ("2026-03-30T12:00:00.123456Z", "2026-03-30T12:00:00.123Z"),
            ("2026-03-30T12:00:00.123456", "2026-03-30T12:00:00.123Z"),
            ("2026-03-30T12:00:00", "2026-03-30T12:00:00Z"),
            ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"),
            ("9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59.999Z"),
            ("0000-01-01T00:00:00+01:00", "0000-01-01T00:00:00Z"),
        ] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), written, "{text}");
        }
        for bad in ["", "yesterday", "2026-13-01T00:00:00Z", "12:00:00"] {
            assert!(bad.parse::<Timestamp>().is_err(), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn it_reads_what_the_library_reads(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9][Tt][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,11})?([Zz]|[+-][0-2][0-9]:[0-6][0-9])?",
            year in 0..=9999_i64, day in 0..=366_i64, second in 0..86_400_i64, zone in "Z|[+-][0-2][0-9]:[0-5][0-9]",
        ) {
            let theirs = |text: &str| {
                let time = OffsetDateTime::parse(text, &Rfc3339).or_else(|_| OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339));
                time.ok().map(|time| time.unix_timestamp_nanos().div_euclid(1_000_000) as i64)
            };
            // The library looks at a leap second's day and zone; here it is as good as any other second.
            if !text[17..].starts_with("60") {
                proptest::prop_assert_eq!(read(&text).map(Timestamp::from_millis), theirs(&text).map(Timestamp::from_millis), "{}", text);
            }
            let real = Timestamp::from_millis(RANGE.start() + (year * 366 + day) * 86_400_000 + second * 1000).to_string();
            let text = real.replace('Z', &zone);
            proptest::prop_assert_eq!(read(&text).map(Timestamp::from_millis), theirs(&text).map(Timestamp::from_millis), "{}", text);
        }
    }

    #[test]
    fn no_number_of_milliseconds_is_beyond_writing() {
        for millis in [i64::MIN, -1, 0, 1, i64::MAX] {
            let time = Timestamp::from_millis(millis);
            assert_eq!(time.to_string().parse::<Timestamp>(), Ok(time));
        }
    }
}
