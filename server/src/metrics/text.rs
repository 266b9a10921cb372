//! The text that Prometheus reads (exposition format 0.0.4). Never which numbers there are.

use std::fmt::Write as _;

use super::Gauge;
use super::kinds::{BOUNDS, Counter, Ends, Histogram};

#[derive(Default)]
pub struct Text(String);

impl Text {
    pub fn finish(self) -> String {
        self.0
    }

    pub fn counter(&mut self, name: &str, help: &str, counter: &Counter) {
        let name = format!("orrery_{name}_total");
        self.head(&name, help, "counter");
        let _ = writeln!(self.0, "{name} {}", counter.get());
    }

    /// Of one name there may be several that follow each other.
    pub fn gauge(&mut self, gauge: &Gauge, is_first: bool) {
        let (name, labels) = (format!("orrery_{}", gauge.name), gauge.labels);
        if is_first {
            self.head(&name, gauge.help, "gauge");
        }
        let _ = writeln!(self.0, "{name}{labels} {}", gauge.value);
    }

    pub fn ends(&mut self, name: &str, help: &str, ends: &Ends) {
        let name = format!("orrery_{name}_total");
        self.head(&name, help, "counter");
        for (by, code, count) in ends.get() {
            let _ = writeln!(self.0, "{name}{{by=\"{}\",code=\"{code}\"}} {count}", by.as_str());
        }
    }

    pub fn histogram(&mut self, name: &str, help: &str, histogram: &Histogram) {
        let name = format!("orrery_{name}_seconds");
        self.head(&name, help, "histogram");
        let (buckets, count, micros) = histogram.get();
        let mut below = 0;
        for (bound, lay) in BOUNDS.iter().zip(buckets) {
            below += lay;
            let _ = writeln!(self.0, "{name}_bucket{{le=\"{}\"}} {below}", seconds(*bound));
        }
        let count = count.max(below);
        let _ = writeln!(self.0, "{name}_bucket{{le=\"+Inf\"}} {count}");
        let _ = writeln!(self.0, "{name}_sum {}\n{name}_count {count}", seconds(micros));
    }

    fn head(&mut self, name: &str, help: &str, kind: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }
}

fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}
