//! BFD control packets (RFC 5880, section 4.1).

use std::fmt;

use serde::Serialize;

use super::bytes::{u8_at, u32_at};

/// The UDP port of single-hop control packets (RFC 5881).
pub const SINGLE_HOP: u16 = 3784;
/// The UDP port of echo packets (RFC 5881).
pub const ECHO: u16 = 3785;
/// The UDP port of multihop control packets (RFC 5883).
pub const MULTIHOP: u16 = 4784;

/// A control packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Control {
    /// The sender's state.
    pub state: State,
    /// Why the sender's state changed last.
    pub diagnostic: u8,
    /// The sender's detect multiplier.
    pub multiplier: u8,
    /// The least interval at which the sender would like to send, in microseconds.
    pub transmit: u32,
    /// The least interval at which the sender can receive, in microseconds.
    pub receive: u32,
}

/// The state of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Held down on purpose.
    AdminDown,
    /// Down.
    Down,
    /// It hears the other side, which does not hear it yet.
    Init,
    /// Up.
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

/// The control packet in a datagram; nothing where the first checks of section 6.8.6 would discard it.
pub fn control(data: &[u8]) -> Option<Control> {
    let (first, second) = (u8_at(data, 0)?, u8_at(data, 1)?);
    let (multiplier, length) = (u8_at(data, 2)?, usize::from(u8_at(data, 3)?));
    let discriminator = u32_at(data, 4)?;
    if first >> 5 != 1 || length < 24 || length > data.len() || multiplier == 0 || discriminator == 0 {
        return None;
    }
    let state = match second >> 6 {
        0 => State::AdminDown,
        1 => State::Down,
        2 => State::Init,
        _ => State::Up,
    };
    Some(Control {
        state,
        diagnostic: first & 0x1f,
        multiplier,
        transmit: u32_at(data, 12)?,
        receive: u32_at(data, 16)?,
    })
}

/// A diagnostic in the RFC's words.
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

    /// What FRR 8.4 sent for a session of 300 ms times 3 that is up.
    const UP: [u8; 24] = [
        0x20, 0xc0, 3, 24, 0x1c, 0x4a, 0x9e, 0x27, 0x5d, 0x01, 0x12, 0x77, 0, 0x04, 0x93, 0xe0, 0, 0x04, 0x93, 0xe0, 0,
        0, 0, 0,
    ];

    #[test]
    fn a_session_that_is_up_is_read() {
        let wanted = Control { state: State::Up, diagnostic: 0, multiplier: 3, transmit: 300_000, receive: 300_000 };
        assert_eq!(control(&UP), Some(wanted));
    }

    #[test]
    fn what_the_rfc_discards_is_nothing() {
        for (at, value) in [(0, 0x00), (2, 0), (3, 23), (3, 25)] {
            let mut bytes = UP;
            bytes[at] = value;
            assert_eq!(control(&bytes), None, "byte {at} = {value}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            control(&bytes);
        }

        #[test]
        fn every_state_and_diagnostic_is_read(state in 0u8..4, code in 0u8..32) {
            let mut bytes = UP;
            bytes[0] = 0x20 | code;
            bytes[1] = state << 6;
            let read = control(&bytes).unwrap();
            prop_assert_eq!((read.state as u8, read.diagnostic), (state, code));
            prop_assert!(!diagnostic(code).is_empty());
        }
    }
}
