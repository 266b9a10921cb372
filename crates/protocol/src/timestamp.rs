//! Timestamps: RFC 3339 in UTC in JSON, milliseconds since 1970 in memory (see section 1.3 of docs/protocol.md).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::spelling::parsed;

/// A time in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// The years 0000 to 9999, which RFC 3339 can express.
const RANGE: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;

/// Error of a text that is no timestamp, with the beginning of that text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a timestamp is written like 2026-03-30T12:00:00Z, not `{0}`")]
pub struct InvalidTimestamp(String);

impl Timestamp {
    /// Returns the timestamp; a time outside the years 0000 to 9999 becomes the nearest one inside.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(*RANGE.start(), *RANGE.end()))
    }

    /// Returns the milliseconds since 1970-01-01T00:00:00Z.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// Returns the timestamp so many milliseconds later, or earlier if they are negative.
    pub fn plus_millis(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    /// Text without a time zone is read as UTC, because older servers leave the zone out.
    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        let time =
            OffsetDateTime::parse(text, &Rfc3339).or_else(|_| OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339));
        match time {
            Ok(time) => Ok(Self::from_millis(time.unix_timestamp() * 1000 + i64::from(time.millisecond()))),
            Err(_) => Err(InvalidTimestamp(text.chars().take(32).collect())),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1000));
        let time = time.map(|time| time + time::Duration::milliseconds(self.0.rem_euclid(1000)));
        let text = time.expect("the constructor limits the range").format(&Rfc3339).map_err(|_| fmt::Error)?;
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
        parsed(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_all_spellings_and_writes_utc() {
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
        for invalid in ["", "yesterday", "2026-13-01T00:00:00Z", "12:00:00"] {
            assert!(invalid.parse::<Timestamp>().is_err(), "{invalid}");
        }
    }

    proptest::proptest! {
        #[test]
        fn reads_any_zone_and_fraction(
            millis in *RANGE.start() + 86_400_000..RANGE.end() - 86_400_000, hours in -23..=23_i64, minutes in 0..60_i64,
        ) {
            let offset = (hours * 60 + minutes * hours.signum()) * 60_000;
            let local = Timestamp::from_millis(millis + offset).to_string();
            let sign = if hours < 0 { '-' } else { '+' };
            let minutes = if hours == 0 { 0 } else { minutes };
            let text = local.replace('Z', &format!("{sign}{:02}:{minutes:02}", hours.abs()));
            proptest::prop_assert_eq!(text.parse::<Timestamp>(), Ok(Timestamp::from_millis(millis)), "{}", text);
        }
    }

    #[test]
    fn every_number_of_milliseconds_round_trips() {
        for millis in [i64::MIN, -1, 0, 1, i64::MAX] {
            let time = Timestamp::from_millis(millis);
            assert_eq!(time.to_string().parse::<Timestamp>(), Ok(time));
        }
    }
}
