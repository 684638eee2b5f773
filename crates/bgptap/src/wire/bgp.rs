//! BGP messages (RFC 4271, section 4).

use std::fmt;

use ipnet::IpNet;

use super::bytes::{u8_at, u16_at, u32_at};
use super::prefixes;

/// The TCP port.
pub const PORT: u16 = 179;
/// A message's header: marker, length, type.
pub(super) const HEADER: usize = 19;
/// What each message begins with.
pub(super) const MARKER: [u8; 16] = [0xff; 16];

/// A cease that ends a session for good, though graceful restart was agreed.
const HARD_RESET: (u8, u8) = (6, 9);

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The first one: who speaks.
    Open {
        /// The sender's AS number.
        asn: u32,
        /// The hold time that it proposes, in seconds.
        hold: u16,
    },
    /// Routes.
    Update {
        /// What is reached from now on.
        announced: Vec<IpNet>,
        /// What no longer is.
        withdrawn: Vec<IpNet>,
    },
    /// An UPDATE that says that nothing more of a family comes for now.
    EndOfTable(&'static str),
    /// Why the session ends.
    Notification {
        /// The error.
        code: u8,
        /// What about it.
        subcode: u8,
        /// The same of what it was wrapped around (RFC 8538, section 3.1).
        wrapped: Option<(u8, u8)>,
    },
    /// Nothing but a sign of life.
    Keepalive,
    /// A wish to be told everything again (RFC 2918).
    RouteRefresh,
    /// A message of another type, or one that cannot be read.
    Other(u8),
}

/// The length in a header; nothing where it cannot be one.
pub(super) fn length(header: &[u8]) -> Option<usize> {
    let length = usize::from(u16_at(header, 16)?);
    (header.starts_with(&MARKER) && length >= HEADER).then_some(length)
}

/// A whole message, header and all.
pub(super) fn message(bytes: &[u8]) -> Option<Message> {
    let kind = u8_at(bytes, 18)?;
    let body = bytes.get(HEADER..)?;
    let read = match kind {
        1 => open(body),
        2 => prefixes::changes(body).map(|changes| {
            let prefixes::Changes { announced, withdrawn, end_of } = changes;
            end_of.map_or(Message::Update { announced, withdrawn }, Message::EndOfTable)
        }),
        3 => notification(body),
        4 => Some(Message::Keepalive),
        5 => Some(Message::RouteRefresh),
        _ => None,
    };
    Some(read.unwrap_or(Message::Other(kind)))
}

fn open(body: &[u8]) -> Option<Message> {
    let parameters = body.get(10..10 + usize::from(u8_at(body, 9)?))?;
    let asn = wide_asn(parameters).unwrap_or(u32::from(u16_at(body, 1)?));
    Some(Message::Open { asn, hold: u16_at(body, 3)? })
}

fn notification(body: &[u8]) -> Option<Message> {
    let (code, subcode) = (u8_at(body, 0)?, u8_at(body, 1)?);
    let wrapped = u8_at(body, 2).zip(u8_at(body, 3)).filter(|_| (code, subcode) == HARD_RESET);
    Some(Message::Notification { code, subcode, wrapped })
}

/// The AS number of four bytes, among the capabilities (RFC 6793, RFC 5492).
fn wide_asn(mut parameters: &[u8]) -> Option<u32> {
    while let (Some(kind), Some(length)) = (u8_at(parameters, 0), u8_at(parameters, 1)) {
        let mut value = parameters.get(2..2 + usize::from(length))?;
        while kind == 2 && !value.is_empty() {
            let length = usize::from(u8_at(value, 1)?);
            if u8_at(value, 0)? == 65 && length == 4 {
                return u32_at(value, 2);
            }
            value = value.get(2 + length..)?;
        }
        parameters = parameters.get(2 + usize::from(length)..)?;
    }
    None
}

impl Message {
    /// Its type, as the RFC calls it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "OPEN",
            Self::Update { .. } | Self::EndOfTable(_) => "UPDATE",
            Self::Notification { .. } => "NOTIFICATION",
            Self::Keepalive => "KEEPALIVE",
            Self::RouteRefresh => "ROUTE-REFRESH",
            Self::Other(_) => "other",
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::Open { asn, hold } => write!(f, " AS {asn}, hold time {hold} s"),
            Self::EndOfTable(family) => write!(f, " end of the {family} table"),
            Self::Update { announced, withdrawn } => {
                let list = |nets: &[IpNet]| nets.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
                if !announced.is_empty() {
                    write!(f, " announces {}", list(announced))?;
                }
                if !withdrawn.is_empty() {
                    write!(f, " withdraws {}", list(withdrawn))?;
                }
                Ok(())
            }
            Self::Notification { code, subcode, wrapped } => {
                write!(f, " {} ({code}/{subcode})", error(*code, *subcode))?;
                wrapped.map_or(Ok(()), |(code, subcode)| write!(f, ": {} ({code}/{subcode})", error(code, subcode)))
            }
            Self::Other(kind) => write!(f, " {kind}"),
            Self::Keepalive | Self::RouteRefresh => Ok(()),
        }
    }
}

/// An error in the RFCs' words (RFC 4271, section 6; RFC 4486; RFC 9384).
const fn error(code: u8, subcode: u8) -> &'static str {
    match (code, subcode) {
        (1, _) => "message header error",
        (2, 2) => "bad peer AS",
        (2, 6) => "unacceptable hold time",
        (2, 7) => "unsupported capability",
        (2, _) => "OPEN message error",
        (3, _) => "UPDATE message error",
        (4, _) => "hold timer expired",
        (5, _) => "finite state machine error",
        (6, 2) => "administrative shutdown",
        (6, 3) => "peer de-configured",
        (6, 4) => "administrative reset",
        (6, 5) => "connection rejected",
        (6, 6) => "other configuration change",
        (6, 9) => "hard reset",
        (6, 10) => "BFD down",
        (6, _) => "cease",
        _ => "error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bytes(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(HEADER + body.len()).unwrap().to_be_bytes();
        [&MARKER[..], &length, &[kind], body].concat()
    }

    fn text(kind: u8, body: &[u8]) -> String {
        message(&bytes(kind, body)).unwrap().to_string()
    }

    #[test]
    fn messages_say_what_they_are() {
        // AS 4200000000 as AS_TRANS and, in a capability, whole.
        let wide = [4, 0x5b, 0xa0, 0, 180, 10, 0, 2, 3, 12, 2, 10, 2, 0, 65, 4, 0xfa, 0x56, 0xea, 0x00, 70, 0];
        assert_eq!(text(1, &wide), "OPEN AS 4200000000, hold time 180 s");
        assert_eq!(text(1, &[4, 0xfb, 0xf4, 0, 9, 10, 0, 2, 3, 0]), "OPEN AS 64500, hold time 9 s");
        assert_eq!(text(2, &[0, 0, 0, 0]), "UPDATE end of the IPv4 table");
        assert_eq!(text(2, &[0, 5, 32, 203, 0, 113, 200, 0, 0]), "UPDATE withdraws 203.0.113.200/32");
        assert_eq!(text(3, &[6, 10]), "NOTIFICATION BFD down (6/10)");
        assert_eq!(text(3, &[6, 9, 6, 10]), "NOTIFICATION hard reset (6/9): BFD down (6/10)");
        assert_eq!(text(4, &[]), "KEEPALIVE");
        assert_eq!(text(2, &[9]), "other 2");
    }

    #[test]
    fn a_header_needs_marker_and_length() {
        assert_eq!(length(&bytes(4, &[])), Some(19));
        assert_eq!(length(&[0xff; 18]), Some(0xffff));
        assert_eq!(length(&[&[0xfe][..], &bytes(4, &[])].concat()), None);
        assert_eq!(length(&[&MARKER[..], &[0, 18, 4]].concat()), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(kind in 0u8..8, body in prop::collection::vec(any::<u8>(), 0..200)) {
            let whole = bytes(kind, &body);
            message(&whole).map(|message| message.to_string());
            message(&body);
            length(&body);
        }
    }
}
