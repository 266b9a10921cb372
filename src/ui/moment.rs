//! Times and lengths of time in words for a person. Never asks what time it is.

use js_sys::Date;
use wasm_bindgen::JsValue;

/// The time of day where the reader is: `12:03:05`; with the date when it was another day than `now`.
pub fn clock(millis: i64, now: i64) -> String {
    let (date, today) = (at(millis), at(now));
    let time = format!("{:02}:{:02}:{:02}", date.get_hours(), date.get_minutes(), date.get_seconds());
    match same_day(&date, &today) {
        true => time,
        false => format!("{} {time}", day(&date)),
    }
}

/// Without the seconds: `12:03`.
pub fn clock_short(millis: i64, now: i64) -> String {
    let (date, today) = (at(millis), at(now));
    let time = format!("{:02}:{:02}", date.get_hours(), date.get_minutes());
    match same_day(&date, &today) {
        true => time,
        false => format!("{} {time}", day(&date)),
    }
}

/// Counting up in place, so of one width a digit: `0:07`, `1:20`, `2:05:09`.
pub fn stopwatch(millis: i64) -> String {
    let seconds = millis.max(0) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// Roughly how long, by its two largest units: `4 s`, `3 min 12 s`, `3 h 12 min`, `2 d 5 h`.
pub fn length(millis: i64) -> String {
    let seconds = millis.max(0) / 1000;
    let two = |large: i64, large_unit: &str, small: i64, small_unit: &str| match small {
        0 => format!("{large} {large_unit}"),
        _ => format!("{large} {large_unit} {small} {small_unit}"),
    };
    match seconds {
        0 if (1..1000).contains(&millis) => format!("{millis} ms"),
        // A second and a half is not one second.
        0..10 if millis % 1000 >= 100 => format!("{:.1} s", millis as f64 / 1000.0),
        0..60 => format!("{seconds} s"),
        60..3600 => two(seconds / 60, "min", seconds % 60, "s"),
        3600..86_400 => two(seconds / 3600, "h", seconds / 60 % 60, "min"),
        _ => two(seconds / 86_400, "d", seconds / 3600 % 24, "h"),
    }
}

fn at(millis: i64) -> Date {
    Date::new(&JsValue::from_f64(millis as f64))
}

fn same_day(one: &Date, other: &Date) -> bool {
    day(one) == day(other)
}

fn day(date: &Date) -> String {
    format!("{}-{:02}-{:02}", date.get_full_year(), date.get_month() + 1, date.get_date())
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn lengths_are_said_by_their_two_largest_units() {
        for (millis, words) in [
            (0, "0 s"),
            (320, "320 ms"),
            (1_500, "1.5 s"),
            (4_000, "4 s"),
            (60_000, "1 min"),
            (192_000, "3 min 12 s"),
            (11_520_000, "3 h 12 min"),
            (190_800_000, "2 d 5 h"),
            (-5, "0 s"),
        ] {
            assert_eq!(length(millis), words);
        }
    }

    #[wasm_bindgen_test]
    fn a_stopwatch_keeps_its_width() {
        assert_eq!([stopwatch(7_000), stopwatch(80_000), stopwatch(7_509_000)], ["0:07", "1:20", "2:05:09"]);
    }

    #[wasm_bindgen_test]
    fn another_day_is_said() {
        let noon = Date::new_with_year_month_day_hr_min_sec(2026, 2, 30, 12, 3, 5).get_time() as i64;
        assert_eq!(clock(noon, noon), "12:03:05");
        assert_eq!(clock_short(noon, noon + 86_400_000), "2026-03-30 12:03");
    }
}
