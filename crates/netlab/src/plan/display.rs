//! Plans as a readable diff.

use std::fmt;

use super::{Plan, Step};
use crate::model::{ContainerSpec, Endpoint, NetworkSpec, OnChange};

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() && self.absent.is_empty() {
            return f.write_str("nothing to change");
        }
        let mut lines: Vec<String> = self.steps().map(ToString::to_string).collect();
        lines.extend(self.absent.iter().map(|(guest, why)| format!("? guest {guest}: no routes, because {why}")));
        f.write_str(&lines.join("\n"))
    }
}

impl fmt::Display for Step {
    /// Writes a line for each change: `+` creates, `-` removes, `~` changes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RemoveContainer { name, reason, .. } => write!(f, "- container {name}: {reason}"),
            Self::RemoveNetwork { name, reason, .. } => write!(f, "- network {name}: {reason}"),
            Self::CreateNetwork { network, mtu, .. } => write!(f, "+ network {}", NetworkLine(network, *mtu)),
            Self::CreateContainer { container, again: None, .. } => {
                write!(f, "+ container {}", ContainerLine(container))
            }
            Self::CreateContainer { container, again: Some(reason), .. } => {
                write!(f, "+ container {}: again, because {reason}", ContainerLine(container))
            }
            Self::Connect { container, endpoint } => {
                write!(f, "~ container {container}: on {}", EndpointText(endpoint))
            }
            Self::UploadFiles { container, files, pending } => {
                let sign = if pending.is_empty() { '+' } else { '~' };
                let line = |file: &crate::model::FileSpec| {
                    let (path, size, mode) = (&file.path, file.contents.len(), file.mode);
                    format!(
                        "{sign} container {container}: file {path} ({size} bytes, {mode:04o} {}:{})",
                        file.uid, file.gid
                    )
                };
                f.write_str(&files.iter().map(line).collect::<Vec<_>>().join("\n"))
            }
            Self::Start { container, .. } => write!(f, "~ container {container}: start"),
            Self::Unpause { container } => write!(f, "~ container {container}: unpause"),
            Self::Reload { container, actions, .. } => {
                let line = |action: &OnChange| match action {
                    OnChange::Reload(argv) => format!("~ container {container}: run {}", argv.join(" ")),
                    OnChange::Restart => format!("~ container {container}: restart"),
                };
                f.write_str(&actions.iter().map(line).collect::<Vec<_>>().join("\n"))
            }
            Self::SetRoutes { container, guest, routes } => {
                let kind = if *guest { "guest" } else { "container" };
                let lines: Vec<_> = routes.iter().map(|r| format!("~ {kind} {container}: route {r} missing")).collect();
                f.write_str(&lines.join("\n"))
            }
        }
    }
}

struct NetworkLine<'a>(&'a NetworkSpec, u16);

impl fmt::Display for NetworkLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(network, mtu) = self;
        write!(f, "{}", network.name)?;
        for range in network.ranges() {
            write!(f, " {range}")?;
        }
        write!(f, " mtu {mtu}")?;
        let dynamic = [network.dynamic_ipv4.map(ipnet::IpNet::V4), network.dynamic_ipv6.map(ipnet::IpNet::V6)];
        for dynamic in dynamic.into_iter().flatten() {
            write!(f, " dynamic {dynamic}")?;
        }
        f.write_str(if network.masquerade { "" } else { " without masquerading" })
    }
}

struct ContainerLine<'a>(&'a ContainerSpec);

impl fmt::Display for ContainerLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ContainerSpec { name, role, image, endpoints, .. } = self.0;
        let on: Vec<_> = endpoints.iter().map(|e| EndpointText(e).to_string()).collect();
        write!(f, "{name} ({role}) {image} on {}", on.join(", "))
    }
}

struct EndpointText<'a>(&'a Endpoint);

impl fmt::Display for EndpointText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.network)?;
        self.0.pinned().try_for_each(|address| write!(f, " {address}"))
    }
}
