//! The scale of a timeline: its length, its ticks, and where a bar lies. Chosen so that it seldom changes while time passes.

/// The length of a scale, and the distance of its ticks, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeScale {
    pub whole: i64,
    pub tick: i64,
}

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Lengths and ticks. Each length is at most twice the one before, so that a growing bar shrinks to half at most.
const SCALES: [(i64, i64); 22] = [
    (2 * SECOND, SECOND),
    (4 * SECOND, SECOND),
    (6 * SECOND, 2 * SECOND),
    (10 * SECOND, 2 * SECOND),
    (15 * SECOND, 5 * SECOND),
    (20 * SECOND, 5 * SECOND),
    (30 * SECOND, 10 * SECOND),
    (45 * SECOND, 15 * SECOND),
    (MINUTE, 15 * SECOND),
    (90 * SECOND, 30 * SECOND),
    (2 * MINUTE, 30 * SECOND),
    (3 * MINUTE, MINUTE),
    (5 * MINUTE, MINUTE),
    (10 * MINUTE, 2 * MINUTE),
    (20 * MINUTE, 5 * MINUTE),
    (30 * MINUTE, 10 * MINUTE),
    (HOUR, 15 * MINUTE),
    (2 * HOUR, 30 * MINUTE),
    (4 * HOUR, HOUR),
    (8 * HOUR, 2 * HOUR),
    (16 * HOUR, 4 * HOUR),
    (DAY, 6 * HOUR),
];

impl TimeScale {
    /// Returns the shortest scale that holds a duration.
    pub fn for_duration(millis: i64) -> Self {
        let known = SCALES.iter().find(|(whole, _)| *whole >= millis);
        let (whole, tick) = known.copied().unwrap_or_else(|| {
            let days = (millis + DAY - 1) / DAY;
            let tick = (days + 4) / 5;
            (days * DAY, tick * DAY)
        });
        Self { whole, tick }
    }

    /// Returns the ticks from 0 to at most the length.
    pub fn ticks(self) -> impl Iterator<Item = i64> {
        (0..).map(move |number| number * self.tick).take_while(move |at| *at <= self.whole)
    }

    /// Returns where a bar begins and how long it is, in percent of the scale and clamped to it.
    pub fn bar(self, from: i64, to: i64) -> (f64, f64) {
        let part = |at: i64| (at as f64 / self.whole as f64 * 100.0).clamp(0.0, 100.0);
        (part(from), (part(to) - part(from)).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_the_duration_and_seldom_changes() {
        for (millis, whole, ticks) in [
            (0, 2 * SECOND, 3),
            (2 * SECOND, 2 * SECOND, 3),
            (2 * SECOND + 1, 4 * SECOND, 5),
            (14 * SECOND, 15 * SECOND, 4),
            (61 * SECOND, 90 * SECOND, 4),
            (DAY, DAY, 5),
            (DAY + 1, 2 * DAY, 3),
            (9 * DAY, 9 * DAY, 5),
            (-5, 2 * SECOND, 3),
        ] {
            let scale = TimeScale::for_duration(millis);
            assert_eq!((scale.whole, scale.ticks().count()), (whole, ticks), "{millis}");
        }
        assert!(SCALES.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[1].0 <= 2 * pair[0].0));
        assert!(SCALES.iter().all(|(whole, tick)| (2..=5).contains(&(whole / tick))));
    }

    #[test]
    fn bars_are_clamped_to_the_scale() {
        let scale = TimeScale::for_duration(10 * SECOND);
        for (from, to, expected) in [
            (0, 5 * SECOND, (0.0, 50.0)),
            (5 * SECOND, 6 * SECOND, (50.0, 10.0)),
            (-SECOND, 20 * SECOND, (0.0, 100.0)),
            (6 * SECOND, 5 * SECOND, (60.0, 0.0)),
        ] {
            assert_eq!(scale.bar(from, to), expected);
        }
    }
}
