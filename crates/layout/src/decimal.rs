//! Formats numbers for CSS, with no more digits than can be seen. By integers: the standard float formatting is a large part of
//! a small WebAssembly file.

const DIGITS: [(f64, usize); 2] = [(100.0, 2), (1_000_000.0, 6)];

/// Formats a position or size in pixels, with up to two decimals.
pub fn decimal(value: f64) -> String {
    format_fixed(value, DIGITS[0])
}

/// Formats a factor, such as a zoom, with up to six decimals.
pub fn factor(value: f64) -> String {
    format_fixed(value, DIGITS[1])
}

fn format_fixed(value: f64, (scale, digits): (f64, usize)) -> String {
    let scaled = (value * scale).round() as i64;
    let (sign, size) = (if scaled < 0 { "-" } else { "" }, scaled.unsigned_abs());
    let scale = scale as u64;
    match size % scale {
        0 => format!("{sign}{}", size / scale),
        rest => format!("{sign}{}.{rest:0digits$}", size / scale),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_to_the_visible_digits() {
        for (value, words) in
            [(0.0, "0"), (12.0, "12"), (-0.004, "0"), (-0.5, "-0.50"), (1e6, "1000000"), (2.71, "2.71")]
        {
            assert_eq!(decimal(value), words);
        }
        assert_eq!(factor(0.0123456), "0.012346");
    }
}
