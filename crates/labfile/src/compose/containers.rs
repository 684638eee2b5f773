//! Containers that run FRR.

use std::net::IpAddr;

use frrconf::{Config, Files, start};
use netlab::{Capability, ContainerSpec, Endpoint, FileSpec, OnChange, RoutesBy};

use super::ComposeError;
use crate::Image;

/// A container that runs FRR.
pub(super) struct Frr<'a> {
    pub(super) name: netlab::Name,
    pub(super) role: ContainerRole,
    pub(super) image: &'a Image,
    pub(super) config: Config,
    pub(super) endpoints: Vec<Endpoint>,
    /// The addresses that it has in addition to its networks'.
    pub(super) own: Vec<IpAddr>,
}

/// The place of a container in the lab, as its label says it.
#[derive(Clone, Copy)]
pub(super) enum ContainerRole {
    Router,
    Node,
}

/// Composes the container.
pub(super) fn frr(frr: Frr<'_>) -> Result<ContainerSpec, ComposeError> {
    let Frr { name, role, image, config, endpoints, own } = frr;
    let files = config.files()?;
    let script = script(&endpoints, &own);
    let mut container = ContainerSpec::new(name, image.as_str(), endpoints);
    container.role = match role {
        ContainerRole::Router => "router".to_owned(),
        ContainerRole::Node => "node".to_owned(),
    };
    // The image's entrypoint stays: it is an init (tini), which passes signals on and reaps what watchfrr starts again.
    container.command = Some(["/bin/sh", "-c", &script].map(str::to_owned).into());
    container.capabilities = [Capability::NetAdmin, Capability::NetRaw, Capability::SysAdmin].into();
    container.forwarding = true;
    container.routes_by = RoutesBy::Itself;
    container.files = files.entries().into_iter().map(|(name, text)| file(name, text)).collect();
    container.files.push(FileSpec {
        path: start::PATH.to_owned(),
        contents: start::SCRIPT.as_bytes().to_vec(),
        mode: 0o755,
        uid: 0,
        gid: 0,
        on_change: OnChange::Restart,
    });
    Ok(container)
}

/// Returns the start script. It sets the container's own addresses at every start, so that a restart keeps them, and takes
/// away those that an engine gives it on a network without IPv4: FRR would take its router id from them, and routes to them.
fn script(endpoints: &[Endpoint], own: &[IpAddr]) -> String {
    let set = |address: &IpAddr| match address {
        IpAddr::V4(v4) => format!("ip -4 address replace {v4}/32 dev lo && "),
        IpAddr::V6(v6) => format!("ip -6 address replace {v6}/128 dev lo nodad && "),
    };
    let without_ipv4 = endpoints.iter().any(|endpoint| endpoint.ipv4.is_none());
    let stripped = if without_ipv4 { strip(endpoints) } else { String::new() };
    format!("{stripped}{}exec {}", own.iter().map(set).collect::<String>(), start::PATH)
}

/// Returns the part that leaves no IPv4 address but those of the endpoints.
fn strip(endpoints: &[Endpoint]) -> String {
    let kept: String = endpoints.iter().filter_map(|endpoint| endpoint.ipv4).map(|v4| format!("{v4} ")).collect();
    format!(
        "ip -4 -o address show scope global | while read -r _ dev _ address _; do \
         case \" {kept}\" in *\" ${{address%/*}} \"*) ;; *) ip -4 address delete \"$address\" dev \"$dev\" ;; esac; done; "
    )
}

fn file(name: &str, text: &str) -> FileSpec {
    // A reload keeps every session that does not change. It must not write the file, which is ours.
    let reload = Files::RELOAD.map(str::to_owned);
    let (uid, gid) = start::OWNER;
    FileSpec {
        path: format!("{}/{name}", Files::FOLDER),
        contents: text.as_bytes().to_vec(),
        mode: 0o640,
        uid,
        gid,
        on_change: if name == "frr.conf" { OnChange::Reload(reload.into()) } else { OnChange::Restart },
    }
}
