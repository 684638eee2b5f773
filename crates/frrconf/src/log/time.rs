//! The time at the beginning of a log line.

/// The time of a log line, in the daemon's time zone, which the line does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogTime(i64);

impl LogTime {
    /// Microseconds since 1970-01-01 00:00:00 of the daemon's own time zone.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Takes the time off a line: `2026/11/25 08:09:35.723395 BFD: …`.
    pub fn split(line: &str) -> Option<(Self, &str)> {
        let (day, rest) = line.split_once(' ')?;
        let (time, rest) = rest.split_once(' ')?;
        let [year, month, day] = numbers(day.split('/'))?;
        let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
        let [hour, minute, second] = numbers(time.split(':'))?;
        let valid = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
        let whole = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
        valid.then_some((Self(whole * 1_000_000 + micros(fraction)?), rest))
    }
}

/// Exactly `N` numbers of at most four digits.
fn numbers<'a, const N: usize>(mut words: impl Iterator<Item = &'a str>) -> Option<[i64; N]> {
    let mut numbers = [0; N];
    for number in &mut numbers {
        *number = words.next().and_then(digits).filter(|number| *number < 10_000)?;
    }
    words.next().is_none().then_some(numbers)
}

/// The microseconds of a fraction of a second, of any precision.
fn micros(fraction: &str) -> Option<i64> {
    let six: String = fraction.chars().chain(std::iter::repeat('0')).take(6).collect();
    digits(fraction).and(digits(&six))
}

fn digits(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Days from 1970-01-01 to a day of the Gregorian calendar. A year begins in March here, so that the leap day is its
/// last.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_year = (153 * month + 2) / 5 + day - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("1970/01/01 00:00:00.000001 x", 1)]
    #[case("1970/01/01 00:00:01 x", 1_000_000)]
    #[case("2000/02/29 12:00:00.5 x", 951_825_600_500_000)]
    #[case("2026/11/25 08:09:35.723395 x", 1_795_594_175_723_395)]
    #[case("2026/11/25 08:09:35.723395999 x", 1_795_594_175_723_395)]
    fn a_time_is_counted_from_1970(#[case] line: &str, #[case] micros: i64) {
        assert_eq!(LogTime::split(line), Some((LogTime(micros), "x")));
    }

    #[rstest]
    #[case("")]
    #[case("Traceback of a daemon")]
    #[case("2026/11/25 BGP")]
    #[case("2026/13/25 08:09:35 x")]
    #[case("2026/11/25 24:09:35 x")]
    #[case("2026/11/25/1 08:09:35 x")]
    #[case("2026/11/25 08:09:-5 x")]
    #[case("2026/11/25 08:09:35.x x")]
    #[case("99999999999999/11/25 08:09:35 x")]
    fn other_text_is_no_time(#[case] line: &str) {
        assert_eq!(LogTime::split(line), None);
    }
}
