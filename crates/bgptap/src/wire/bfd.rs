//! BFD control packets (RFC 5880, section 4.1).

use std::fmt;

use serde::Serialize;

use super::Malformed;
use super::bytes::{u8_at, u32_at};

/// The UDP port of single-hop control packets (RFC 5881).
pub const SINGLE_HOP: u16 = 3784;
/// The UDP port of echo packets (RFC 5881).
pub const ECHO: u16 = 3785;
/// The UDP port of multihop control packets (RFC 5883).
pub const MULTIHOP: u16 = 4784;

const AUTHENTICATED: u8 = 0x04;
const MULTIPOINT: u8 = 0x01;

/// A control packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Control {
    /// State of the sender.
    pub state: State,
    /// Reason of the last change of the sender's state; [`diagnostic`] has its words.
    pub diagnostic: u8,
    /// The flags, from Poll (0x20) down to Multipoint (0x01).
    pub flags: u8,
    /// Detect multiplier of the sender.
    pub multiplier: u8,
    /// Discriminator of the sender.
    pub my_discriminator: u32,
    /// Discriminator of the receiver, as far as the sender knows it; otherwise 0.
    pub your_discriminator: u32,
    /// The least interval at which the sender would like to send, in microseconds.
    pub transmit: u32,
    /// The least interval at which the sender can receive, in microseconds.
    pub receive: u32,
    /// The least interval at which the sender can receive echo packets, in microseconds; 0 where it takes none.
    pub echo: u32,
}

impl Control {
    /// Decodes the content of a UDP datagram.
    ///
    /// ```
    /// use bgptap::wire::bfd::{Control, State};
    ///
    /// let datagram = [
    ///     0x20, 0xc0, 3, 24, 0, 0, 0, 1, 0, 0, 0, 2, // up, three packets, discriminators 1 and 2
    ///     0, 4, 0x93, 0xe0, 0, 4, 0x93, 0xe0, 0, 0, 0, 0, // 300 ms both ways, no echo
    /// ];
    /// let control = Control::decode(&datagram)?;
    /// assert_eq!((control.state, control.multiplier, control.transmit), (State::Up, 3, 300_000));
    /// # Ok::<_, bgptap::wire::Malformed>(())
    /// ```
    ///
    /// # Errors
    /// If the checks of RFC 5880, section 6.8.6, that need no session discard it.
    pub fn decode(datagram: &[u8]) -> Result<Self, Malformed> {
        let control = Self::read(datagram).ok_or(Malformed::Short)?;
        let (version, length) =
            (datagram.first().map_or(0, |first| first >> 5), datagram.get(3).map_or(0, |length| *length));
        let least = if control.flags & AUTHENTICATED == 0 { 24 } else { 26 };
        if version != 1 {
            return Err(Malformed::Version(version));
        }
        if length < least || usize::from(length) > datagram.len() {
            return Err(Malformed::Length(length.into()));
        }
        let is_down = matches!(control.state, State::Down | State::AdminDown);
        let wrong = [
            (control.multiplier == 0, "Detect Mult"),
            (control.flags & MULTIPOINT != 0, "Multipoint"),
            (control.my_discriminator == 0, "My Discriminator"),
            (control.your_discriminator == 0 && !is_down, "Your Discriminator"),
        ];
        wrong.into_iter().find(|(is_wrong, _)| *is_wrong).map_or(Ok(control), |(_, name)| Err(Malformed::Field(name)))
    }

    /// The mandatory section; none where it is cut short.
    fn read(data: &[u8]) -> Option<Self> {
        let second = u8_at(data, 1)?;
        let state = match second >> 6 {
            0 => State::AdminDown,
            1 => State::Down,
            2 => State::Init,
            _ => State::Up,
        };
        Some(Self {
            state,
            diagnostic: u8_at(data, 0)? & 0x1f,
            flags: second & 0x3f,
            multiplier: u8_at(data, 2)?,
            my_discriminator: u32_at(data, 4)?,
            your_discriminator: u32_at(data, 8)?,
            transmit: u32_at(data, 12)?,
            receive: u32_at(data, 16)?,
            echo: u32_at(data, 20)?,
        })
    }

    /// `true` if the sender asks for an answer at once (Poll), as when its timers change.
    #[must_use]
    pub const fn is_poll(&self) -> bool {
        self.flags & 0x20 != 0
    }

    /// `true` if it answers a Poll (Final).
    #[must_use]
    pub const fn is_final(&self) -> bool {
        self.flags & 0x10 != 0
    }

    /// `true` if an authentication section follows.
    #[must_use]
    pub const fn is_authenticated(&self) -> bool {
        self.flags & AUTHENTICATED != 0
    }
}

/// The state of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Held down on purpose.
    AdminDown,
    /// Down, or only just created.
    Down,
    /// The sender hears the other end, which does not hear it yet.
    Init,
    /// Both ends hear each other.
    Up,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::AdminDown => "admin-down",
            Self::Down => "down",
            Self::Init => "init",
            Self::Up => "up",
        })
    }
}

/// The words of RFC 5880 for a diagnostic.
#[must_use]
pub const fn diagnostic(code: u8) -> &'static str {
    match code {
        0 => "no diagnostic",
        1 => "control detection time expired",
        2 => "echo function failed",
        3 => "neighbor signaled session down",
        4 => "forwarding plane reset",
        5 => "path down",
        6 => "concatenated path down",
        7 => "administratively down",
        8 => "reverse concatenated path down",
        _ => "reserved",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Sent by FRR 8.4 for a session of 300 ms times 3 that is up.
    const UP: [u8; 24] = [
        0x20, 0xc0, 3, 24, 0x1c, 0x4a, 0x9e, 0x27, 0x5d, 0x01, 0x12, 0x77, 0, 0x04, 0x93, 0xe0, 0, 0x04, 0x93, 0xe0, 0,
        0, 0, 0,
    ];

    #[test]
    fn an_established_session_is_decoded() {
        let control = Control::decode(&UP).unwrap();
        assert_eq!((control.state, control.diagnostic, control.multiplier), (State::Up, 0, 3));
        assert_eq!((control.my_discriminator, control.your_discriminator), (0x1c4a_9e27, 0x5d01_1277));
        assert_eq!((control.transmit, control.receive, control.echo), (300_000, 300_000, 0));
        assert!(!control.is_poll() && !control.is_final() && !control.is_authenticated());
        let mut bytes = UP;
        bytes[1] |= 0x30;
        let control = Control::decode(&bytes).unwrap();
        assert!(control.is_poll() && control.is_final());
    }

    #[test]
    fn discarded_packets_name_the_reason() {
        let with = |changes: &[(usize, u8)]| {
            let mut bytes = UP;
            changes.iter().for_each(|(at, value)| bytes[*at] = *value);
            Control::decode(&bytes).unwrap_err()
        };
        assert_eq!(with(&[(0, 0x00)]), Malformed::Version(0));
        assert_eq!(with(&[(2, 0)]), Malformed::Field("Detect Mult"));
        assert_eq!(with(&[(3, 23)]), Malformed::Length(23));
        assert_eq!(with(&[(3, 25)]), Malformed::Length(25));
        assert_eq!(with(&[(1, 0xc4)]), Malformed::Length(24), "an authentication section needs two bytes more");
        assert_eq!(with(&[(1, 0xc1)]), Malformed::Field("Multipoint"));
        assert_eq!(with(&[(4, 0), (5, 0), (6, 0), (7, 0)]), Malformed::Field("My Discriminator"));
        assert_eq!(with(&[(8, 0), (9, 0), (10, 0), (11, 0)]), Malformed::Field("Your Discriminator"));
        for cut in 0..UP.len() {
            assert_eq!(Control::decode(&UP[..cut]), Err(Malformed::Short), "{cut} bytes");
        }
    }

    #[test]
    fn a_session_that_is_down_knows_no_other_end() {
        let mut bytes = UP;
        bytes[1] = 0x40;
        bytes[8..12].fill(0);
        assert_eq!(Control::decode(&bytes).unwrap().state, State::Down);
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..40), first in any::<bool>()) {
            let mut bytes = bytes;
            // Otherwise few would come past the version.
            if let Some(version) = bytes.first_mut().filter(|_| first) {
                *version = 0x20;
            }
            if let Ok(control) = Control::decode(&bytes) {
                prop_assert!(bytes.len() >= 24 && control.multiplier > 0 && control.my_discriminator > 0);
            }
        }

        #[test]
        fn every_state_and_diagnostic_is_decoded(state in 0u8..4, code in 0u8..32) {
            let mut bytes = UP;
            bytes[0] = 0x20 | code;
            bytes[1] = state << 6;
            let control = Control::decode(&bytes).unwrap();
            prop_assert_eq!((control.state as u8, control.diagnostic), (state, code));
            prop_assert!(!diagnostic(code).is_empty());
        }
    }
}
