//! From decimal digits to the nearest number of 53 bits, by dividing whole numbers of any length. Never a text.
//!
//! Slow beside tables of powers, and a tenth of their size; what people and programs write mostly takes the short way.

use std::cmp::Ordering;

/// Digits beyond these cannot change which number is the nearest, except that they are there.
const MOST_DIGITS: usize = 770;
/// A whole number as large as these bits, and ten to the power of this, are exact.
const EXACT: (u64, usize) = (1 << 53, 22);

/// `digits` (0 to 9, the first is no zero) times ten to the power of `exponent`; infinite when it is too large.
pub(super) fn nearest(digits: &[u8], exponent: i64) -> f64 {
    let beyond = exponent + digits.len() as i64;
    if digits.is_empty() || beyond < -400 {
        return 0.0;
    }
    if beyond > 400 {
        return f64::INFINITY;
    }
    let mantissa = digits.iter().take(16).fold(0, |sum, digit| sum * 10 + u64::from(*digit));
    let power = exponent.unsigned_abs() as usize;
    if digits.len() <= 16 && mantissa <= EXACT.0 && power <= EXACT.1 {
        let scale = (0..power).fold(1.0, |scale, _| scale * 10.0);
        return if exponent < 0 { mantissa as f64 / scale } else { mantissa as f64 * scale };
    }
    let kept = digits.len().min(MOST_DIGITS);
    let mut dividend = Whole::default();
    digits[..kept].iter().for_each(|digit| dividend.times_plus(10, u32::from(*digit)));
    // One more digit stands for all that were left out.
    let left_out = digits[kept..].iter().any(|digit| *digit > 0);
    dividend.times_plus(10, u32::from(left_out));
    let exponent = exponent + (digits.len() - kept) as i64 - 1;
    let mut divisor = Whole(vec![1]);
    let scaled = if exponent < 0 { &mut divisor } else { &mut dividend };
    (0..exponent.unsigned_abs()).for_each(|_| scaled.times_plus(10, 0));
    divided(dividend, divisor)
}

fn divided(mut dividend: Whole, mut divisor: Whole) -> f64 {
    // Shifted until the quotient is at least 1 and below 2.
    let mut shift = dividend.bits() as i64 - divisor.bits() as i64;
    if shift < 0 {
        dividend.double((-shift) as usize)
    } else {
        divisor.double(shift as usize)
    }
    if dividend.compared(&divisor) == Ordering::Less {
        dividend.double(1);
        shift -= 1;
    }
    // Below the smallest exponent there are fewer bits.
    let bits = (53 + (shift + 1022).min(0)).max(0);
    let mut quotient = 0_u64;
    for _ in 0..bits {
        quotient <<= 1;
        if dividend.compared(&divisor) != Ordering::Less {
            dividend.minus(&divisor);
            quotient |= 1;
        }
        dividend.double(1);
    }
    if bits == 0 && shift < -1075 {
        return 0.0;
    }
    let is_up = match dividend.compared(&divisor) {
        Ordering::Less => false,
        // Just between two: the even one.
        Ordering::Equal => quotient & 1 == 1,
        Ordering::Greater => true,
    };
    quotient += u64::from(is_up);
    // The carry of a full mantissa is one more in the exponent, and a subnormal that grew is the first normal one.
    let exponent = (shift + 1022).max(0) as u64;
    match exponent {
        2046.. => f64::INFINITY,
        exponent => f64::from_bits((exponent << 52) + quotient),
    }
}

/// A whole number of any length, its lowest digits first.
#[derive(Default)]
struct Whole(Vec<u32>);

impl Whole {
    fn times_plus(&mut self, factor: u32, plus: u32) {
        let mut carry = u64::from(plus);
        for digit in &mut self.0 {
            carry += u64::from(*digit) * u64::from(factor);
            *digit = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    fn double(&mut self, times: usize) {
        self.0.splice(0..0, std::iter::repeat_n(0, times / 32));
        self.times_plus(1 << (times % 32), 0);
    }

    fn bits(&self) -> usize {
        self.0.len() * 32 - self.0.last().map_or(0, |digit| digit.leading_zeros() as usize)
    }

    fn compared(&self, other: &Self) -> Ordering {
        self.bits().cmp(&other.bits()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    /// Of one that is not larger.
    fn minus(&mut self, other: &Self) {
        let mut borrow = 0;
        for (at, digit) in self.0.iter_mut().enumerate() {
            let taken = u64::from(other.0.get(at).copied().unwrap_or(0)) + borrow;
            borrow = u64::from(u64::from(*digit) < taken);
            *digit = (u64::from(*digit) + (borrow << 32) - taken) as u32;
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}
