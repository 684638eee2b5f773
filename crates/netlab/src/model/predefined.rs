//! The networks that an engine makes for itself.

use ipnet::IpNet;

/// `true` if the engine makes the network itself: Docker refuses to remove it.
fn is_predefined(network: &str) -> bool {
    ["bridge", "host", "none"].contains(&network)
}

/// Returns the ways to have a network's range: a remedy that works also for the engine's own default bridge.
pub(crate) fn give_way(network: &str, range: IpNet) -> String {
    if !is_predefined(network) {
        return format!("remove network {network} (`docker network rm {network}`) if nobody needs it");
    }
    let setting = if matches!(range, IpNet::V4(_)) { "bip" } else { "fixed-cidr-v6" };
    format!("give the engine's own network another one (`{setting}` in its configuration, /etc/docker/daemon.json)")
}

/// Returns the continuation "or remove it", with the command, of a message about a network; nothing for the engine's own.
pub(crate) fn or_remove(network: &str, id: &str) -> String {
    if is_predefined(network) {
        return String::new();
    }
    format!(", or remove it (`docker network rm {id}`) if nobody needs it")
}
