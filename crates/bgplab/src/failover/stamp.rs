//! Time stamps, all of one clock: that of the machine's kernel, by which daemons in containers stamp their logs, too.

use std::fmt;
use std::ops::Sub;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Serialize, Serializer};

/// A moment in microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Stamp(i64);

/// A time between two moments, in microseconds; negative where the first came later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Micros(pub i64);

impl Stamp {
    /// Returns the present moment.
    pub fn now() -> Self {
        Self::of(SystemTime::now())
    }

    /// Converts a moment of the system's clock.
    pub fn of(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    /// Returns the moment so many microseconds after 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Returns the moment so much later, or earlier if negative.
    pub const fn plus(self, by: Micros) -> Self {
        Self(self.0 + by.0)
    }
}

/// Serializes as a time in UTC (RFC 3339), with microseconds.
impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let time = jiff::Timestamp::from_microsecond(self.0).map_err(serde::ser::Error::custom)?;
        serializer.collect_str(&format_args!("{time:.6}"))
    }
}

impl Sub for Stamp {
    type Output = Micros;

    fn sub(self, earlier: Self) -> Micros {
        Micros(self.0 - earlier.0)
    }
}

impl Micros {
    /// Returns the time in milliseconds.
    pub fn as_millis(self) -> f64 {
        // A run of days is far below 2^53 microseconds.
        self.0 as f64 / 1000.0
    }

    /// Returns half of the time.
    pub const fn half(self) -> Self {
        Self(self.0 / 2)
    }
}

impl From<Duration> for Micros {
    fn from(duration: Duration) -> Self {
        Self(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX))
    }
}

/// Prints milliseconds, as a person reads them: `743 ms`, `0.4 ms`.
impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.as_millis();
        let text = if millis.abs() < 10.0 { format!("{millis:.1} ms") } else { format!("{millis:.0} ms") };
        f.pad(&text)
    }
}

/// Serializes as milliseconds with up to three decimals.
impl Serialize for Micros {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.as_millis())
    }
}

/// A moment that is known to lie between two others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Within {
    /// The earliest moment.
    pub from: Stamp,
    /// The latest moment.
    pub to: Stamp,
}

impl Within {
    /// Takes a moment that is known exactly.
    pub(crate) const fn at(moment: Stamp) -> Self {
        Self { from: moment, to: moment }
    }

    /// Returns the middle, from which times are counted.
    pub(crate) fn middle(self) -> Stamp {
        self.from.plus((self.to - self.from).half())
    }

    /// Returns the error: the farthest that the moment may lie from the middle.
    pub(crate) fn error(self) -> Micros {
        (self.to - self.from).half()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_from_the_middle() {
        let within = Within { from: Stamp::from_micros(1_000), to: Stamp::from_micros(41_000) };
        assert_eq!((within.middle(), within.error()), (Stamp::from_micros(21_000), Micros(20_000)));
        assert_eq!(Within::at(Stamp::from_micros(5)).error(), Micros(0));
    }

    #[test]
    fn a_time_reads_as_milliseconds() {
        let texts = [Micros(743_400), Micros(400), Micros(-12_000)].map(|time| time.to_string());
        assert_eq!(texts, ["743 ms", "0.4 ms", "-12 ms"]);
        assert_eq!(serde_json::to_string(&Micros(743_401)).unwrap(), "743.401");
        assert_eq!(serde_json::to_string(&Stamp::from_micros(10)).unwrap(), "\"1970-01-01T00:00:00.000010Z\"");
    }
}
