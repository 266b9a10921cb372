//! Numbers as the style sheet reads them. Never more digits than can be seen: the exact ones cost more to write than to send.

const DIGITS: [(f64, usize); 2] = [(100.0, 2), (1_000_000.0, 6)];

/// Places and sizes in pixels: two digits behind the point.
pub fn decimal(value: f64) -> String {
    written(value, DIGITS[0])
}

/// Factors: six digits behind the point.
pub fn factor(value: f64) -> String {
    written(value, DIGITS[1])
}

fn written(value: f64, (scale, digits): (f64, usize)) -> String {
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
    fn as_many_digits_as_can_be_seen() {
        for (value, words) in
            [(0.0, "0"), (12.0, "12"), (-0.004, "0"), (-0.5, "-0.50"), (1e6, "1000000"), (2.71, "2.71")]
        {
            assert_eq!(decimal(value), words);
        }
        assert_eq!(factor(0.0123456), "0.012346");
    }
}
