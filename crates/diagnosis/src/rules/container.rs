//! Containers: there, running, ours, and allowed what FRR needs.

use netlab::{ContainerState, RunState};

use super::absent::is_absent;
use crate::check::Check;
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("container-missing", Layer::Container, missing),
    Rule::proof("container-foreign", Layer::Container, foreign),
    Rule::proof("container-paused", Layer::Container, paused),
    Rule::proof("container-stopped", Layer::Container, stopped),
    Rule::proof("capability-missing", Layer::Container, capability),
];

const LAB_UP: &str = "⌘ lab-up";

fn place(name: &str) -> Break {
    Break::Place(name.to_owned())
}

fn missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    if e.docker.is_none() || is_absent(e) {
        return Vec::new();
    }
    let missing = |name: &String| e.container(name).is_none();
    let all = e.places().map(str::to_owned).chain(e.lost_nodes());
    let found = |name: String| {
        let what = if e.lab.cluster.is_node(&name) { "node" } else { "router" };
        Found::new(
            format!("container {name} is not there: the lab's {what} was removed, or never made"),
            [place(&name)],
        )
        .seen(format!("docker ps -a: no container {name}"))
        .remedy(LAB_UP)
    };
    all.filter(missing).map(found).collect()
}

fn foreign(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let own = e.topology.containers().iter().filter_map(|spec| e.container(spec.name.as_str()));
    let theirs = own.filter(|state| state.lab.as_deref() != Some(e.topology.name().as_str()));
    let found = |state: &ContainerState| {
        let name = &state.name;
        let whose = state.lab.as_ref().map_or_else(|| "nobody's lab".to_owned(), |lab| format!("lab {lab}"));
        Found::new(format!("container {name} is not this lab's: something else has its name"), [place(name)])
            .seen(format!("docker inspect {name}: label netlab.lab names {whose}, not {}", e.topology.name()))
            .remedy(format!("rename it or take it away (docker rename {name} other), then {LAB_UP}"))
    };
    theirs.map(found).collect()
}

/// The lab's own: whatever else has one of its names is not its to unpause or start.
fn in_state<'a>(e: &'a Evidence, wanted: impl Fn(RunState) -> bool + 'a) -> impl Iterator<Item = &'a ContainerState> {
    let lost = e.lost_nodes().into_iter().filter_map(|name| e.own(&name));
    e.places().filter_map(|name| e.own(name)).chain(lost).filter(move |state| wanted(state.run))
}

fn paused(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |state: &ContainerState| {
        let name = &state.name;
        Found::new(format!("container {name} is paused: its links are up, and nothing in it runs"), [place(name)])
            .seen(format!("docker ps: {name} is paused"))
            .remedy(format!("docker unpause {name}"))
    };
    in_state(e, |run| run == RunState::Paused).map(found).collect()
}

fn stopped(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |state: &ContainerState| {
        let name = &state.name;
        let mut found = match state.run {
            RunState::Created => Found::new(format!("container {name} was made and never started"), [place(name)]),
            _ => Found::new(format!("container {name} does not run"), [place(name)]),
        };
        if let Some((ending, words)) = e.endings.get(name) {
            let why = match (ending.out_of_memory, ending.exit_code) {
                (true, _) => ", for want of memory".to_owned(),
                (false, 137) => ", by SIGKILL (docker kill, docker stop, or the machine's own)".to_owned(),
                (false, 143) => ", by SIGTERM (docker stop)".to_owned(),
                (false, code) => format!(", exit code {code}"),
            };
            found = found.seen(format!("docker inspect {name}: it ended at {}{why}", ending.finished_at));
            for (what, text) in [("the engine could not start it", &ending.error), ("its last words", words)] {
                if !text.is_empty() {
                    found = found.seen(format!("{what}: {text}"));
                }
            }
        }
        found.seen(format!("docker ps -a: {name} is {}", state.run.as_str())).remedy(LAB_UP)
    };
    in_state(e, |run| !run.has_processes()).map(found).collect()
}

/// The capabilities that FRR needs (`linux/capability.h`).
const NEEDED: [(&str, u32); 3] = [("NET_ADMIN", 12), ("NET_RAW", 13), ("SYS_ADMIN", 21)];

fn capability(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let of = |name: &str| {
        let has = e.inside.get(name).filter(|_| e.own(name).is_some())?.capabilities?;
        let lacks: Vec<&str> = NEEDED.iter().filter(|(_, bit)| has & (1 << bit) == 0).map(|(word, _)| *word).collect();
        (!lacks.is_empty()).then(|| {
            let lacks = lacks.join(", ");
            Found::new(
                format!("container {name} lacks the capability {lacks}, without which FRR cannot work"),
                [place(name)],
            )
            .seen(format!("/proc/1/status in {name}: CapEff {has:016x}"))
            .remedy(format!("docker rm -f {name}, then {LAB_UP}"))
        })
    };
    e.topology.containers().iter().filter_map(|spec| of(spec.name.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{broken, only};

    #[test]
    fn states_of_containers() {
        let run = |state: RunState| {
            broken(|e| {
                let docker = e.docker.as_mut().unwrap();
                docker.containers.iter_mut().find(|c| c.name == "frr1").unwrap().run = state;
                e.inside.remove("frr1");
                e.frr.remove("frr1");
            })
        };
        only(&run(RunState::Paused), "container-paused", &["container frr1 is paused", "docker unpause frr1"]);
        only(&run(RunState::Exited), "container-stopped", &["container frr1 does not run", "lab-up"]);
        only(&run(RunState::Created), "container-stopped", &["never started"]);
    }

    #[test]
    fn how_it_ended_is_reported() {
        let e = broken(|e| {
            e.docker.as_mut().unwrap().containers[0].run = RunState::Exited;
            let ending = netlab::Ending { exit_code: 1, error: "no such device".into(), ..Default::default() };
            e.endings.insert("frr1".into(), (ending, "Permission denied".into()));
        });
        only(&e, "container-stopped", &["exit code 1", "its last words: Permission denied", "no such device"]);
    }

    #[test]
    fn missing_foreign_and_weak_containers() {
        let missing = broken(|e| e.docker.as_mut().unwrap().containers.retain(|c| c.name != "next-hop-router"));
        only(&missing, "container-missing", &["container next-hop-router is not there", "router was removed"]);
        let foreign = broken(|e| e.docker.as_mut().unwrap().containers[0].lab = Some("other".into()));
        only(&foreign, "container-foreign", &["frr1 is not this lab's", "lab other"]);
        for run in [RunState::Running, RunState::Paused, RunState::Exited] {
            let foreign = broken(|e| {
                let frr1 = &mut e.docker.as_mut().unwrap().containers[0];
                (frr1.lab, frr1.run) = (Some("other".into()), run);
                frr1.endpoints.clear();
                e.inside.get_mut("frr1").unwrap().capabilities = Some(0);
            });
            only(&foreign, "container-foreign", &["docker rename frr1 other"]);
            assert!(!crate::conclude::Diagnosis::of(&foreign).text("⌘").contains("docker rm"), "it is not ours");
        }
        let weak = broken(|e| e.inside.get_mut("frr1").unwrap().capabilities = Some(1 << 12));
        only(&weak, "capability-missing", &["lacks the capability NET_RAW, SYS_ADMIN"]);
    }
}
