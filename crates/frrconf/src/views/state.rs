//! The states of a session.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

/// An address family, always unicast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
}

impl Family {
    /// Both families, IPv4 first.
    pub const ALL: [Self; 2] = [Self::Ipv4, Self::Ipv6];

    /// Returns the family of an address.
    pub const fn of(address: IpAddr) -> Self {
        if address.is_ipv4() { Self::Ipv4 } else { Self::Ipv6 }
    }

    /// Returns the word for it in FRR's commands.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
        })
    }
}

/// Defines the states that FRR names, and keeps the name of one that is not known here.
macro_rules! states {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A state that this crate does not know.
            Other(String),
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => word,
                })
            }
        }

        impl FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(match text {
                    $(_ if text.eq_ignore_ascii_case($word) => Self::$variant,)*
                    _ => Self::Other(text.to_owned()),
                })
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                let Ok(state) = text.parse();
                Ok(state)
            }
        }
    };
}

states!(
    /// A BGP session's state (RFC 4271, section 8.2.2; FRR's `Clearing` and `Deleted` are steps on the way to Idle).
    BgpState {
        /// The session is not trying: held back, or waiting before the next try.
        Idle = "Idle",
        /// Shut down by configuration.
        IdleAdmin = "Idle (Admin)",
        /// Held back because the peer sent more prefixes than it may.
        IdlePrefixCount = "Idle (PfxCt)",
        /// Opening a connection.
        Connect = "Connect",
        /// Could not connect; listening until the next try.
        Active = "Active",
        /// Connected, and our OPEN is sent.
        OpenSent = "OpenSent",
        /// The peer's OPEN was good; waiting for its KEEPALIVE.
        OpenConfirm = "OpenConfirm",
        /// The session is up.
        Established = "Established",
        /// Removing the peer's routes.
        Clearing = "Clearing",
        /// Being removed.
        Deleted = "Deleted",
    }
);

states!(
    /// A BFD session's state (RFC 5880, section 4.1), and what BGP knows of it.
    BfdStatus {
        /// Shut down by configuration.
        AdminDown = "shutdown",
        /// The other side is not heard.
        Down = "down",
        /// Each side starts to hear the other.
        Init = "init",
        /// The session is up.
        Up = "up",
        /// BGP has no report from BFD yet.
        Unknown = "unknown",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_state_keeps_its_name() {
        assert_eq!(serde_json::from_str::<BgpState>(r#""Dormant""#).unwrap(), BgpState::Other("Dormant".into()));
        assert_eq!(serde_json::from_str::<BfdStatus>(r#""Up""#).unwrap(), BfdStatus::Up);
        assert_eq!(BgpState::IdleAdmin.to_string(), "Idle (Admin)");
    }
}
