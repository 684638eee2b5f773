//! Drops packets in a container's own network, with a chain of our own name.
//!
//! The rules are made from outside, by this machine's iptables, which Docker needs anyway: FRR's image has none.

use std::path::Path;

use crate::process::Cmd;

/// The chain's name, by which it is found again.
pub use diagnosis::evidence::FAILOVER_CHAIN as CHAIN;

/// The program of each family.
const FAMILIES: [&str; 2] = ["iptables", "ip6tables"];

/// The built-in chains that packets pass.
const HOOKS: [&str; 3] = ["INPUT", "FORWARD", "OUTPUT"];

/// The packets to drop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dropped {
    /// BFD across routers, on one network, its echoes, and BGP's connections: in and out.
    Control,
    /// All packets that arrive, leave or pass, as on a machine that hangs. The kernel of a container whose processes
    /// stand still would go on forwarding, and answering pings.
    Everything,
}

impl Dropped {
    const fn rules(self) -> &'static [&'static str] {
        match self {
            Self::Control => &[
                "-p udp --dport 4784",
                "-p udp --dport 3784",
                "-p udp --dport 3785",
                "-p tcp --dport 179",
                "-p tcp --sport 179",
            ],
            Self::Everything => &[""],
        }
    }

    const fn hooks(self) -> &'static [&'static str] {
        match self {
            Self::Control => &["INPUT", "OUTPUT"],
            Self::Everything => &HOOKS,
        }
    }
}

/// Returns the command that drops them, all of a family at once.
pub(crate) fn drop(process: &Path, what: Dropped) -> Cmd {
    let rules: String = what.rules().iter().map(|rule| format!("-A {CHAIN} {rule} -j DROP\\n")).collect();
    let jumps: String = what.hooks().iter().map(|hook| format!("-I {hook} 1 -j {CHAIN}\\n")).collect();
    let table = format!("*filter\\n:{CHAIN} - [0:0]\\n{rules}{jumps}COMMIT\\n");
    inside(process, &FAMILIES.map(|program| format!("printf '{table}' | {program}-restore --noflush")).join(" && "))
}

/// Returns the command that lets everything pass again, which does nothing if nothing is dropped.
pub(crate) fn pass(process: &Path) -> Cmd {
    let family = |program: &str| {
        let jumps = HOOKS.map(|hook| format!("while {program} -w -D {hook} -j {CHAIN}; do :; done"));
        format!(
            "if {program} -w -S {CHAIN} >/dev/null; then {}; {program} -w -F {CHAIN} && {program} -w -X {CHAIN}; fi",
            jumps.join("; ")
        )
    };
    inside(process, &format!("exec 2>/dev/null; {}", FAMILIES.map(family).join(" && ")))
}

fn inside(process: &Path, script: &str) -> Cmd {
    let network = format!("--net={}", process.join("ns/net").display());
    Cmd::new("nsenter").args([&network, "sh", "-c", script]).remedy("install util-linux and iptables on this machine")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_is_in_a_chain_of_our_own() {
        let process = Path::new("/proc/7");
        let control = drop(process, Dropped::Control).to_string();
        assert!(control.starts_with("nsenter --net=/proc/7/ns/net sh -c"), "{control}");
        assert!(!control.contains("FORWARD"), "the data path stays: {control}");
        for rule in Dropped::Control.rules() {
            assert_eq!(
                control.matches(&format!("-A {CHAIN} {rule} -j DROP")).count(),
                2,
                "in both families: {control}"
            );
        }
        assert_eq!(drop(process, Dropped::Everything).to_string().matches("-j DROP").count(), 2);
        let pass = pass(process).to_string();
        assert!(HOOKS.iter().all(|hook| pass.contains(&format!("-D {hook}"))) && !pass.contains("-F INPUT"), "{pass}");
    }
}
