//! Ports of services.

use std::fmt;

use metallb::workload::{Protocol, ServicePort};

use super::text::{Text, text};

text!(Port);

/// A port of a service, as `80/TCP`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port(pub ServicePort);

impl Port {
    /// Returns a port at which the application answers HTTP.
    pub(crate) const fn http(number: u16) -> Self {
        Self(ServicePort { number, protocol: Protocol::Tcp })
    }
}

impl Text for Port {
    const EXPECTED: &'static str = "a port and its protocol, TCP or UDP, such as \"80/TCP\" or \"53/UDP\"";
    const PATTERN: &'static str = "^[1-9][0-9]{0,4}/(TCP|UDP)$";
    fn parse(text: &str) -> Option<Self> {
        let (digits, protocol) = text.split_once('/')?;
        let protocol = match protocol {
            "TCP" => Protocol::Tcp,
            "UDP" => Protocol::Udp,
            _ => return None,
        };
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
        let number = digits.parse().ok().filter(|_| plain)?;
        Some(Self(ServicePort { number, protocol }))
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocol = match self.0.protocol {
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
        };
        write!(f, "{}/{protocol}", self.0.number)
    }
}
