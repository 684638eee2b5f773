//! Machines, and what the doctor says of them.

use netlab::{ApiVersion, EngineVersion};
use rstest::rstest;

use super::super::Verdict;
use super::super::seen::Sysctls;
use super::*;
use labfile::{Overrides, ProviderName};

fn lab(provider: ProviderName) -> Lab {
    Lab::documented(&Overrides { provider: Some(provider), ..Overrides::default() }).unwrap()
}

fn version(server: &str) -> EngineVersion {
    let api = ApiVersion { major: 1, minor: 45 };
    EngineVersion { server: server.into(), api, kernel: "6.1".into(), arch: "amd64".into() }
}

/// A machine that has everything.
fn machine() -> Seen {
    Seen {
        engine: Ok(version("26.1.5")),
        local: true,
        dockerd: true,
        kind: Some("v0.33.0".into()),
        kubectl: true,
        make: true,
        absent: vec![],
        conflicts: vec![],
        disk: Some(50 * GB),
        memory: Some(8 * GB),
        cgroup: 2,
        ipv6: true,
        sysctls: Sysctls {
            ip_forward: Some(1),
            disable_ipv6: Some(0),
            bridge_nf: Some(1),
            max_user_watches: Some(WATCHES),
            max_user_instances: Some(INSTANCES),
        },
    }
}

fn no_engine(cause: Unreachable) -> Result<EngineVersion, EngineError> {
    Err(EngineError::NoEngine { host: "unix:///var/run/docker.sock".into(), cause })
}

#[test]
fn a_good_machine_is_good_for_every_lab() {
    for provider in [ProviderName::Kind, ProviderName::Standalone] {
        let checks = judge(&machine(), &lab(provider));
        assert!(checks.iter().all(|check| check.verdict == Verdict::Good), "{checks:#?}");
    }
}

#[rstest]
#[case::no_kind(|seen: &mut Seen| seen.kind = None, "kind", Verdict::Bad, Some(Fix::Kind))]
#[case::old_kind(|seen: &mut Seen| seen.kind = Some("v0.30.0".into()), "kind", Verdict::Doubtful, Some(Fix::Kind))]
#[case::no_kubectl(|seen: &mut Seen| seen.kubectl = false, "kubectl", Verdict::Doubtful, None)]
#[case::no_make(|seen: &mut Seen| seen.make = false, "make", Verdict::Doubtful, Some(Fix::Packages(&["make"])))]
#[case::image(|seen: &mut Seen| seen.absent = vec!["frr".into()], "images", Verdict::Doubtful, None)]
#[case::full(|seen: &mut Seen| seen.disk = Some(GB), "disk", Verdict::Bad, None)]
#[case::small(|seen: &mut Seen| seen.memory = Some(GB), "memory", Verdict::Doubtful, None)]
#[case::cgroup(|seen: &mut Seen| seen.cgroup = 1, "cgroup", Verdict::Doubtful, None)]
#[case::ipv6(
    |seen: &mut Seen| seen.sysctls.disable_ipv6 = Some(1),
    "ipv6", Verdict::Bad, Some(Fix::Sysctl("net.ipv6.conf.all.disable_ipv6", 0))
)]
#[case::inotify(
    |seen: &mut Seen| seen.sysctls.max_user_instances = Some(128),
    "fs.inotify.max_user_instances", Verdict::Doubtful, Some(Fix::Sysctl("fs.inotify.max_user_instances", INSTANCES))
)]
#[case::filter(
    |seen: &mut Seen| seen.engine = Ok(version("28.2.0")),
    "net.bridge.bridge-nf-call-iptables", Verdict::Doubtful, None
)]
#[case::warned(
    |seen: &mut Seen| seen.conflicts = vec![(Severity::Warns, "pods overlap".into())],
    "ranges", Verdict::Doubtful, None
)]
#[case::blocked(
    |seen: &mut Seen| seen.conflicts = vec![(Severity::Warns, "a".into()), (Severity::Blocks, "b".into())],
    "ranges", Verdict::Bad, None
)]
#[case::stopped(|seen: &mut Seen| seen.engine = no_engine(Unreachable::NotListening), "engine", Verdict::Bad, Some(Fix::StartEngine))]
#[case::denied(|seen: &mut Seen| seen.engine = no_engine(Unreachable::Denied), "engine", Verdict::Bad, None)]
fn what_is_wrong_is_named(
    #[case] spoil: fn(&mut Seen),
    #[case] name: &str,
    #[case] verdict: Verdict,
    #[case] fix: Option<Fix>,
) {
    let mut seen = machine();
    spoil(&mut seen);
    let checks = judge(&seen, &lab(ProviderName::Kind));
    let check = checks.iter().find(|check| check.name == name).unwrap();
    assert_eq!((check.verdict, &check.fix), (verdict, &fix));
    assert!(check.remedy.is_some());
}

#[test]
fn an_engine_is_installed_only_where_everybody_looks_for_it() {
    let mut seen = machine();
    seen.dockerd = false;
    seen.engine = no_engine(Unreachable::NoSocket);
    assert_eq!(judge(&seen, &lab(ProviderName::Standalone))[0].fix, Some(Fix::InstallEngine));
    // One that a user runs for himself is his to start.
    for host in ["tcp://10.0.0.1:2375", "unix:///run/user/1000/docker.sock", "unix:///run/podman/podman.sock"] {
        seen.engine = Err(EngineError::NoEngine { host: host.into(), cause: Unreachable::NotListening });
        assert_eq!(judge(&seen, &lab(ProviderName::Standalone))[0].fix, None, "{host}");
    }
}

#[test]
fn what_make_deploys_by_has_to_be_there() {
    let mut seen = machine();
    (seen.kubectl, seen.make) = (false, false);
    let by_make = Overrides { operator_dir: Some("operator".into()), ..Overrides::default() };
    let checks = judge(&seen, &Lab::documented(&by_make).unwrap());
    for name in ["kubectl", "make"] {
        assert_eq!(checks.iter().find(|check| check.name == name).unwrap().verdict, Verdict::Bad, "{name}");
    }
}

#[test]
fn a_standalone_lab_asks_for_no_cluster() {
    let mut seen = machine();
    (seen.kind, seen.kubectl, seen.make, seen.cgroup, seen.memory) = (None, false, false, 1, Some(0));
    let checks = judge(&seen, &lab(ProviderName::Standalone));
    assert!(checks.iter().all(|check| check.verdict == Verdict::Good), "{checks:#?}");
}
