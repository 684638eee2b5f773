//! The parameters of a BGP session.

use serde::{Deserialize, Serialize};

use super::{OutOfRange, bounded};

bounded! {
    /// An autonomous system's number, four bytes (RFC 6793); 0 is reserved (RFC 7607).
    Asn(u32), "AS number", 1..=4_294_967_295, ""
}

bounded! {
    /// A BGP hold time in whole seconds, 3 or more (RFC 4271, 4.2).
    HoldTime(u16), "BGP hold time", 3..=65_535, " s"
}

/// Seconds in Go's notation, as `90s`.
fn go_seconds(seconds: u64) -> String {
    format!("{seconds}s")
}

/// Parses Go's notation, as `90s`, `1m30s` or `2h`; none for anything but whole seconds.
fn from_go(text: &str) -> Option<u64> {
    let mut total = 0_u64;
    let mut digits = String::new();
    for letter in text.chars() {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        let factor = match letter {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        total = total.checked_add(digits.parse::<u64>().ok()?.checked_mul(factor)?)?;
        digits.clear();
    }
    (digits.is_empty() && !text.is_empty()).then_some(total)
}

/// The pause between two attempts to connect: whole seconds, 1 to 65535.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectTime(u16);

impl ConnectTime {
    /// Makes the value from 1 to 65535 seconds.
    ///
    /// # Errors
    /// [`OutOfRange`].
    pub fn new(seconds: u64) -> Result<Self, OutOfRange> {
        match u16::try_from(seconds) {
            Ok(short) if short >= 1 => Ok(Self(short)),
            _ => Err(OutOfRange { field: "BGP connect time", value: seconds, least: 1, most: 65_535, unit: " s" }),
        }
    }
}

impl TryFrom<String> for ConnectTime {
    type Error = TimersError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let seconds = from_go(&text).ok_or(TimersError::NotSeconds(text))?;
        Ok(Self::new(seconds)?)
    }
}

impl From<ConnectTime> for String {
    fn from(time: ConnectTime) -> Self {
        go_seconds(u64::from(time.0))
    }
}

/// An error in a session's timers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimersError {
    /// A time is out of bounds.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// The keepalive time is longer than the hold time.
    #[error("BGP keepalive time {keepalive} s is longer than the hold time {hold} s")]
    KeepaliveTooLong {
        /// The keepalive time in seconds.
        keepalive: u64,
        /// The hold time in seconds.
        hold: u64,
    },
    /// A text is not a duration of whole seconds.
    #[error("`{0}` is not a duration of whole seconds, such as `90s`")]
    NotSeconds(String),
}

/// A session's hold and keepalive times. The keepalive time is never longer than the hold time; both are 0 where the session
/// never expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawTimers", into = "RawTimers")]
pub struct Timers {
    /// `None`: the session never expires.
    hold: Option<HoldTime>,
    keepalive: u16,
}

impl Timers {
    /// Makes the pair from both times, in seconds.
    ///
    /// # Errors
    /// [`TimersError`].
    pub fn new(keepalive: u64, hold: u64) -> Result<Self, TimersError> {
        if (keepalive, hold) == (0, 0) {
            return Ok(Self { hold: None, keepalive: 0 });
        }
        let checked = HoldTime::new(hold)?;
        match u16::try_from(keepalive) {
            Ok(0) => Err(OutOfRange { field: "BGP keepalive time", value: 0, least: 1, most: hold, unit: " s" }.into()),
            Ok(short) if short <= checked.get() => Ok(Self { hold: Some(checked), keepalive: short }),
            _ => Err(TimersError::KeepaliveTooLong { keepalive, hold }),
        }
    }
}

/// The two times as the API spells them.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawTimers {
    hold_time: String,
    keepalive_time: String,
}

impl TryFrom<RawTimers> for Timers {
    type Error = TimersError;

    fn try_from(raw: RawTimers) -> Result<Self, Self::Error> {
        let read = |text: String| from_go(&text).ok_or(TimersError::NotSeconds(text));
        Self::new(read(raw.keepalive_time)?, read(raw.hold_time)?)
    }
}

impl From<Timers> for RawTimers {
    fn from(timers: Timers) -> Self {
        Self {
            hold_time: go_seconds(timers.hold.map_or(0, u64::from)),
            keepalive_time: go_seconds(u64::from(timers.keepalive)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn go_durations_are_read() {
        assert_eq!(from_go("1m30s"), Some(90));
        assert_eq!(from_go("2h"), Some(7200));
        for wrong in ["", "90", "1.5s", "300ms", "s"] {
            assert_eq!(from_go(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_keepalive_longer_than_the_hold_time_is_refused() {
        let error = Timers::new(100, 90).unwrap_err();
        assert_eq!(error.to_string(), "BGP keepalive time 100 s is longer than the hold time 90 s");
        assert!(Timers::new(1, 2).is_err());
        assert!(Timers::new(0, 90).is_err() && Timers::new(1, 0).is_err());
    }

    #[test]
    fn a_session_may_never_expire() {
        let json = serde_json::to_string(&Timers::new(0, 0).unwrap()).unwrap();
        assert_eq!(json, r#"{"holdTime":"0s","keepaliveTime":"0s"}"#);
        assert_eq!(serde_json::from_str::<Timers>(&json).unwrap(), Timers::new(0, 0).unwrap());
    }

    proptest! {
        #[test]
        fn timers_survive_the_api(hold in 3_u64..=65_535, keepalive in 1_u64..=65_535) {
            let Ok(timers) = Timers::new(keepalive, hold) else { prop_assert!(keepalive > hold); return Ok(()) };
            let json = serde_json::to_string(&timers).unwrap();
            prop_assert_eq!(serde_json::from_str::<Timers>(&json).unwrap(), timers);
        }

        #[test]
        fn as_numbers_are_four_bytes_and_not_zero(value: u64) {
            prop_assert_eq!(Asn::new(value).is_ok(), value >= 1 && value <= u64::from(u32::MAX));
        }
    }
}
