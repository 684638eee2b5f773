//! Figures: how long something took over some runs, and how two such times compare.

use serde::Serialize;

/// All that was measured, in the order of its first sample.
#[derive(Debug, Clone, Default)]
pub(super) struct Measured {
    figures: Vec<Figure>,
}

/// One thing measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Figure {
    what: String,
    unit: Unit,
    samples: Vec<f64>,
    /// Bound of the median.
    wanted: Option<f64>,
}

/// Units of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Unit {
    Seconds,
    Ratio,
}

impl Measured {
    /// One more sample, in seconds.
    pub(super) fn add(&mut self, what: &str, seconds: f64) {
        self.entry(what, Unit::Seconds).samples.push(seconds);
    }

    /// Sets the bound of the median, in seconds.
    pub(super) fn want(&mut self, what: &str, seconds: f64) {
        self.entry(what, Unit::Seconds).wanted = Some(seconds);
    }

    /// One time over another, sample by sample: what drifts on the machine is in both.
    pub(super) fn compare(&mut self, name: &str, ours: &str, other: &str, wanted: f64) {
        let samples = |what: &str| self.figures.iter().find(|f| f.what == what).map(|f| f.samples.clone());
        let (ours, other) = (samples(ours).unwrap_or_default(), samples(other).unwrap_or_default());
        let ratios = ours.iter().zip(&other).map(|(ours, other)| ours / other).collect();
        let figure = self.entry(name, Unit::Ratio);
        figure.samples = ratios;
        figure.wanted = Some(wanted);
    }

    pub(super) fn figures(self) -> Vec<Figure> {
        self.figures
    }

    fn entry(&mut self, what: &str, unit: Unit) -> &mut Figure {
        let at = self.figures.iter().position(|figure| figure.what == what).unwrap_or_else(|| {
            self.figures.push(Figure { what: what.to_owned(), unit, samples: Vec::new(), wanted: None });
            self.figures.len() - 1
        });
        &mut self.figures[at]
    }
}

impl Figure {
    /// `true` if the median is within its bound, or has none. A figure without a sample is not.
    pub(super) fn met(&self) -> bool {
        self.wanted.is_none_or(|wanted| self.median() <= wanted)
    }

    fn median(&self) -> f64 {
        let mut sorted = self.samples.clone();
        sorted.sort_by(f64::total_cmp);
        let (low, high) = (sorted.get(sorted.len().saturating_sub(1) / 2), sorted.get(sorted.len() / 2));
        low.zip(high).map_or(f64::NAN, |(low, high)| f64::midpoint(*low, *high))
    }

    pub(super) fn row(&self) -> [String; 6] {
        let show = |value: f64| match self.unit {
            Unit::Seconds => format!("{value:.2} s"),
            Unit::Ratio => format!("{value:.2}"),
        };
        let least = self.samples.iter().copied().fold(f64::INFINITY, f64::min);
        let most = self.samples.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let wanted = self.wanted.map(|wanted| format!("≤ {}", show(wanted))).unwrap_or_default();
        let verdict = match (self.wanted, self.met()) {
            (None, _) => "",
            (_, true) => "met",
            (_, false) => "MISSED",
        };
        [self.what.clone(), show(self.median()), show(least), show(most), wanted, verdict.to_owned()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_count_lies_between() {
        let mut measured = Measured::default();
        [4.0, 1.0, 3.0, 2.0].iter().for_each(|seconds| measured.add("up", *seconds));
        measured.want("up", 2.5);
        assert_eq!(measured.figures()[0].row(), ["up", "2.50 s", "1.00 s", "4.00 s", "≤ 2.50 s", "met"]);
    }

    #[test]
    fn nothing_measured_is_nothing_met() {
        let mut measured = Measured::default();
        measured.compare("ratio", "up", "script", 0.75);
        assert!(!measured.figures()[0].met());
    }

    #[test]
    fn ratios_are_taken_pair_by_pair() {
        let mut measured = Measured::default();
        for (ours, other) in [(1.0, 2.0), (3.0, 2.0)] {
            measured.add("ours", ours);
            measured.add("other", other);
        }
        measured.compare("ratio", "ours", "other", 0.75);
        let figures = measured.figures();
        assert_eq!(figures[2].row()[1..4], ["1.00", "0.50", "1.50"]);
        assert!(!figures[2].met());
    }
}
