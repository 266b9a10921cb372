//! Latencies in buckets of 3 %: a hundred million of them cost no memory. Never a mean.

const STEP: f64 = 1.03;
const BUCKETS: usize = 800;

#[derive(Clone)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Histogram {
    pub fn new() -> Self {
        Self { counts: vec![0; BUCKETS], total: 0 }
    }

    pub fn add(&mut self, nanos: u64) {
        let bucket = ((nanos.max(1) as f64).ln() / STEP.ln()) as usize;
        self.counts[bucket.min(BUCKETS - 1)] += 1;
        self.total += 1;
    }

    pub fn clear(&mut self) {
        *self = Self::new();
    }

    /// The latency in milliseconds that this part (0 to 1) of all lies below.
    pub fn quantile(&self, part: f64) -> f64 {
        let wanted = (self.total as f64 * part).ceil() as u64;
        let mut seen = 0;
        let bucket = self.counts.iter().position(|count| {
            seen += count;
            seen >= wanted.max(1)
        });
        bucket.map_or(f64::NAN, |bucket| STEP.powi(bucket as i32 + 1) / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_within_a_bucket_of_the_truth() {
        let mut histogram = Histogram::new();
        (1..=1000).for_each(|millis| histogram.add(millis * 1_000_000));
        assert!((485.0..=530.0).contains(&histogram.quantile(0.5)), "{}", histogram.quantile(0.5));
        assert!((970.0..=1040.0).contains(&histogram.quantile(0.99)), "{}", histogram.quantile(0.99));
    }
}
