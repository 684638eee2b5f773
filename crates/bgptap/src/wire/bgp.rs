//! BGP messages (RFC 4271, section 4).

use std::fmt;
use std::net::Ipv4Addr;

use ipnet::IpNet;

use super::bytes::{array, u8_at, u16_at, u32_at};
use super::{Malformed, prefixes};

/// The TCP port.
pub const PORT: u16 = 179;
/// The length of a header: marker, length, type.
pub(super) const HEADER: usize = 19;
/// The beginning of each message.
pub(super) const MARKER: [u8; 16] = [0xff; 16];

/// A cease that ends a session for good, even where graceful restart was negotiated.
const HARD_RESET: (u8, u8) = (6, 9);

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Message {
    /// The first message of either end.
    #[non_exhaustive]
    Open {
        /// AS number of the sender, also where it takes four bytes (RFC 6793).
        asn: u32,
        /// Hold time that the sender proposes, in seconds.
        hold: u16,
        /// BGP identifier of the sender.
        router_id: Ipv4Addr,
    },
    /// Changes of routes.
    #[non_exhaustive]
    Update {
        /// Prefixes that are reachable from now on.
        announced: Vec<IpNet>,
        /// Prefixes that no longer are.
        withdrawn: Vec<IpNet>,
    },
    /// The end of a family's initial update (End-of-RIB; RFC 4724, section 2), by the name of the family.
    EndOfTable(&'static str),
    /// The reason for the end of the session.
    #[non_exhaustive]
    Notification {
        /// Error code.
        code: u8,
        /// Error subcode.
        subcode: u8,
        /// Code and subcode that a hard reset wraps (RFC 8538, section 3.1).
        wrapped: Option<(u8, u8)>,
    },
    /// A sign of life.
    Keepalive,
    /// A request for all routes once more (RFC 2918).
    RouteRefresh,
    /// A message of another type, by its number; in a [`super::Stream`] also one whose body does not follow its format.
    Other(u8),
}

impl Message {
    /// Decodes a message that begins with these bytes; what follows it is left alone.
    ///
    /// ```
    /// use bgptap::wire::bgp::Message;
    ///
    /// let mut bytes = vec![0xff; 16];
    /// bytes.extend([0, 21, 3, 6, 10]); // length, type, code, subcode
    /// assert_eq!(Message::decode(&bytes)?.to_string(), "NOTIFICATION BFD down (6/10)");
    /// # Ok::<_, bgptap::wire::Malformed>(())
    /// ```
    ///
    /// # Errors
    /// If it has no marker, is cut short, or its body does not follow its format.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let length = Self::length(bytes)?;
        let whole = bytes.get(..length).ok_or(Malformed::Short)?;
        let (Some(kind), Some(body)) = (u8_at(whole, 18), whole.get(HEADER..)) else { return Err(Malformed::Short) };
        let read = match kind {
            1 => open(body),
            2 => prefixes::changes(body).map(|changes| {
                let prefixes::Changes { announced, withdrawn, end_of } = changes;
                end_of.map_or(Self::Update { announced, withdrawn }, Self::EndOfTable)
            }),
            3 => notification(body),
            4 => Some(Self::Keepalive),
            5 => Some(Self::RouteRefresh),
            other => Some(Self::Other(other)),
        };
        read.ok_or(Malformed::Body(kind))
    }

    /// The length of the message that begins with these bytes, header included.
    ///
    /// # Errors
    /// If there are fewer than 18 bytes, no marker, or a length that is shorter than a header.
    pub fn length(bytes: &[u8]) -> Result<usize, Malformed> {
        let length = u16_at(bytes, 16).ok_or(Malformed::Short)?;
        if !bytes.starts_with(&MARKER) {
            return Err(Malformed::Marker);
        }
        if usize::from(length) < HEADER { Err(Malformed::Length(length)) } else { Ok(length.into()) }
    }
}

fn open(body: &[u8]) -> Option<Message> {
    let parameters = body.get(10..10 + usize::from(u8_at(body, 9)?))?;
    let asn = wide_asn(parameters).unwrap_or(u32::from(u16_at(body, 1)?));
    Some(Message::Open { asn, hold: u16_at(body, 3)?, router_id: Ipv4Addr::from(array::<4>(body, 5)?) })
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
    /// The type, as the RFC names it.
    #[must_use]
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
            Self::Open { asn, hold, .. } => write!(f, " AS {asn}, hold time {hold} s"),
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
                write!(f, " {} ({code}/{subcode})", error_name(*code, *subcode))?;
                wrapped
                    .map_or(Ok(()), |(code, subcode)| write!(f, ": {} ({code}/{subcode})", error_name(code, subcode)))
            }
            Self::Other(kind) => write!(f, " {kind}"),
            Self::Keepalive | Self::RouteRefresh => Ok(()),
        }
    }
}

/// The RFCs' words for an error of a NOTIFICATION (RFC 4271, section 6; RFC 4486; RFC 9384).
#[must_use]
pub const fn error_name(code: u8, subcode: u8) -> &'static str {
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
mod tests;
