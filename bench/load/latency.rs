//! Latencies of a hundred million deliveries, within one percent and a fixed amount of memory.

use anyhow::Result;
use hdrhistogram::Histogram;

const NANOS_A_MILLISECOND: f64 = 1e6;
/// Nanoseconds: latencies below and above these bounds count as the bound itself.
const LEAST: u64 = 1_000;
const MOST: u64 = 600_000_000_000;
/// Significant decimal digits: a figure is within one percent.
const DIGITS: u8 = 2;

pub struct Latency {
    histogram: Histogram<u64>,
}

impl Latency {
    pub fn new() -> Result<Self> {
        Ok(Self { histogram: Histogram::new_with_bounds(LEAST, MOST, DIGITS)? })
    }

    pub fn record(&mut self, nanos: u64) {
        self.histogram.saturating_record(nanos);
    }

    pub fn clear(&mut self) {
        self.histogram.reset();
    }

    /// Returns the latency in milliseconds that the given part (0 to 1) of all lies below, or `None` when there are none.
    pub fn quantile_ms(&self, part: f64) -> Option<f64> {
        let nanos = (!self.histogram.is_empty()).then(|| self.histogram.value_at_quantile(part))?;
        Some(nanos as f64 / NANOS_A_MILLISECOND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantile_is_within_one_percent() -> Result<()> {
        let mut latency = Latency::new()?;
        (1..=1000).for_each(|millis| latency.record(millis * 1_000_000));
        for (part, expected) in [(0.5, 500.0), (0.99, 990.0)] {
            let quantile = latency.quantile_ms(part).unwrap_or_default();
            assert!((quantile / expected - 1.0_f64).abs() < 0.01, "{part}: {quantile}");
        }
        Ok(())
    }

    #[test]
    fn there_is_no_quantile_without_latencies() -> Result<()> {
        let mut latency = Latency::new()?;
        latency.record(1_000_000);
        latency.clear();
        assert_eq!(latency.quantile_ms(0.5), None);
        Ok(())
    }
}
