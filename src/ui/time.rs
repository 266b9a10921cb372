//! Formatting of times and durations. The current time is always passed in.

use js_sys::Date;
use wasm_bindgen::JsValue;

/// Returns the local time of day, such as `12:03:05`, preceded by the date if that is not the date of `now_millis`.
pub fn format_time_of_day(millis: i64, now_millis: i64) -> String {
    let date = date_at(millis);
    let time = format!("{:02}:{:02}:{:02}", date.get_hours(), date.get_minutes(), date.get_seconds());
    with_date_if_other_day(time, &date, now_millis)
}

/// Returns the local time of day without seconds, such as `12:03`, preceded by the date if that is not the date of `now_millis`.
pub fn format_time_of_day_short(millis: i64, now_millis: i64) -> String {
    let date = date_at(millis);
    let time = format!("{:02}:{:02}", date.get_hours(), date.get_minutes());
    with_date_if_other_day(time, &date, now_millis)
}

/// Returns a running time, such as `0:07`, `1:20` or `2:05:09`. Its width changes only with the number of digits.
pub fn format_stopwatch(millis: i64) -> String {
    let seconds = millis.max(0) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// Returns a duration in its two largest units, such as `320 ms`, `1.5 s`, `3 min 12 s`, `3 h 12 min` or `2 d 5 h`.
pub fn format_duration(millis: i64) -> String {
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

fn with_date_if_other_day(time: String, date: &Date, now_millis: i64) -> String {
    let day = format_date(date);
    match day == format_date(&date_at(now_millis)) {
        true => time,
        false => format!("{day} {time}"),
    }
}

fn date_at(millis: i64) -> Date {
    Date::new(&JsValue::from_f64(millis as f64))
}

fn format_date(date: &Date) -> String {
    format!("{}-{:02}-{:02}", date.get_full_year(), date.get_month() + 1, date.get_date())
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn duration_has_its_two_largest_units() {
        for (millis, expected) in [
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
            assert_eq!(format_duration(millis), expected);
        }
    }

    #[wasm_bindgen_test]
    fn stopwatch_pads_minutes_and_seconds() {
        assert_eq!([7_000, 80_000, 7_509_000].map(format_stopwatch), ["0:07", "1:20", "2:05:09"]);
    }

    #[wasm_bindgen_test]
    fn time_of_day_has_a_date_only_on_another_day() {
        let noon = Date::new_with_year_month_day_hr_min_sec(2026, 2, 30, 12, 3, 5).get_time() as i64;
        assert_eq!(format_time_of_day(noon, noon), "12:03:05");
        assert_eq!(format_time_of_day_short(noon, noon + 86_400_000), "2026-03-30 12:03");
    }
}
