//! Accidents: what happens to a lab behind its back.

use std::net::IpAddr;

use netlab::fake::{Fake, FakeContainer, World};
use netlab::{Endpoint, Engine, RouteEntry, apply};
use proptest::prelude::*;

use super::common::name;
use super::{block_on, lab, other_lab, plan_now};

/// An event that changes a lab from outside.
#[derive(Debug, Clone)]
pub(crate) enum Accident {
    /// A run for this or the other lab that is killed after so many effects.
    Killed {
        other: bool,
        effects: usize,
    },
    Remove(usize),
    Stop(usize),
    Restart(usize),
    Pause(usize),
    FlushRoutes(usize),
    WrongRoute(usize),
    /// A next hop less.
    LoseNextHop(usize),
    /// Somebody's next hop beside the lab's.
    AddNextHop(usize),
    /// Somebody's IPv6 routes to elsewhere, of the best metric.
    BetterRoute(usize),
    ChangeFile(usize),
    LoseFile(usize),
    Disconnect(usize, usize),
    /// Disconnected, and connected without its addresses.
    Reconnect(usize, usize),
    /// A second network of the same name and labels, as Docker before 25 allows; it may lack the ranges.
    Duplicate {
        network: usize,
        ranges: bool,
    },
    Guest,
    Bystander,
}

pub(crate) fn accident() -> impl Strategy<Value = Accident> {
    let which = 0..4_usize;
    prop_oneof![
        3 => (any::<bool>(), 0..40_usize).prop_map(|(other, effects)| Accident::Killed { other, effects }),
        1 => which.clone().prop_map(Accident::Remove),
        1 => which.clone().prop_map(Accident::Stop),
        1 => which.clone().prop_map(Accident::Restart),
        1 => which.clone().prop_map(Accident::Pause),
        1 => which.clone().prop_map(Accident::FlushRoutes),
        1 => which.clone().prop_map(Accident::WrongRoute),
        1 => which.clone().prop_map(Accident::LoseNextHop),
        1 => which.clone().prop_map(Accident::AddNextHop),
        1 => which.clone().prop_map(Accident::BetterRoute),
        1 => which.clone().prop_map(Accident::ChangeFile),
        1 => which.clone().prop_map(Accident::LoseFile),
        1 => (which.clone(), 0..2_usize).prop_map(|(c, n)| Accident::Disconnect(c, n)),
        1 => (which.clone(), 0..2_usize).prop_map(|(c, n)| Accident::Reconnect(c, n)),
        1 => (0..2_usize, any::<bool>()).prop_map(|(network, ranges)| Accident::Duplicate { network, ranges }),
        1 => Just(Accident::Guest),
        1 => Just(Accident::Bystander),
    ]
}

pub(crate) fn happen(fake: &Fake, accident: &Accident) {
    if let Accident::Killed { other, effects } = *accident {
        let lab = if other { other_lab() } else { lab() };
        if let Ok(plan) = plan_now(fake, &lab) {
            fake.world().effects_left = Some(effects);
            let _ = block_on(apply(fake, &plan, &()));
            fake.world().effects_left = None;
        }
        return;
    }
    let mut world = fake.world();
    let target = |world: &World, i: usize| world.containers.get(i).map(|c| c.state.name.clone());
    match *accident {
        Accident::Killed { .. } => unreachable!(),
        Accident::Guest => drop(world.add_foreign_container("guest", &Endpoint::dynamic(name("t-near")))),
        Accident::Bystander => {
            world.add_foreign_network("bystander", &["10.99.0.0/24".parse().unwrap()]);
            drop(world.add_foreign_container("bystander", &Endpoint::dynamic(name("bystander"))));
        }
        Accident::Duplicate { network, ranges } => {
            if let Some(network) = world.networks.get(network).cloned() {
                let id = format!("d{:0>63}", world.networks.len());
                let ranges = if ranges { network.ranges.clone() } else { Vec::new() };
                world.networks.push(netlab::NetworkState { id, ranges, ..network });
            }
        }
        Accident::Remove(i) => drop((i < world.containers.len()).then(|| world.containers.remove(i))),
        Accident::Stop(i) => drop(target(&world, i).map(|c| world.stop(&c))),
        Accident::Disconnect(i, n) => {
            let network = world.networks.get(n).map(|n| n.name.clone());
            drop(target(&world, i).zip(network).map(|(c, n)| world.disconnect(&c, &n)));
        }
        Accident::Reconnect(i, n) => {
            let network = world.networks.get(n).map(|n| n.name.clone());
            let (Some(container), Some(network)) = (target(&world, i), network) else { return };
            let was_on = world.disconnect(&container, &network).is_ok();
            drop(world);
            if was_on {
                block_on(fake.connect(&name(&container), &Endpoint::dynamic(name(&network)))).unwrap();
            }
        }
        Accident::Restart(i) => {
            let container = target(&world, i);
            drop(world);
            drop(container.map(|c| block_on(fake.restart(&c))));
        }
        Accident::Pause(i)
        | Accident::FlushRoutes(i)
        | Accident::WrongRoute(i)
        | Accident::LoseNextHop(i)
        | Accident::AddNextHop(i)
        | Accident::BetterRoute(i)
        | Accident::ChangeFile(i)
        | Accident::LoseFile(i) => {
            if let Some(container) = world.containers.get_mut(i) {
                hurt(container, accident);
            }
        }
    }
}

fn hurt(container: &mut FakeContainer, accident: &Accident) {
    let wrong_ipv6: IpAddr = "fd77:10::77".parse().unwrap();
    match accident {
        Accident::Pause(_) if container.state.run == netlab::RunState::Running => {
            container.state.run = netlab::RunState::Paused;
        }
        Accident::FlushRoutes(_) => container.routes.retain(|route| route.via.is_empty()),
        Accident::WrongRoute(_) => {
            let wrong: IpAddr = "10.77.10.77".parse().unwrap();
            change(container, |route| route.via.iter_mut().for_each(|via| *via = wrong));
        }
        Accident::LoseNextHop(_) => {
            change(container, |route| route.via.truncate(route.via.len().saturating_sub(1).max(1)));
        }
        Accident::AddNextHop(_) => change(container, |route| {
            let more: IpAddr = if route.dst.addr().is_ipv4() { "10.77.10.77".parse().unwrap() } else { wrong_ipv6 };
            let one = usize::from(!route.via.is_empty());
            route.via.extend(std::iter::repeat_n(more, one));
        }),
        Accident::BetterRoute(_) => {
            let elsewhere = |route: &RouteEntry| RouteEntry { via: vec![wrong_ipv6], metric: 1, ..route.clone() };
            let through = container.routes.iter().filter(|route| route.dst.addr().is_ipv6() && !route.via.is_empty());
            let better: Vec<_> = through.map(elsewhere).collect();
            container.routes.retain(|route| !better.iter().any(|b| (b.dst, b.metric) == (route.dst, route.metric)));
            container.routes.extend(better);
        }
        Accident::ChangeFile(_) => {
            for (_, contents) in container.files.iter_mut().filter(|(path, _)| path.starts_with("/etc")) {
                contents.push(b'!');
            }
        }
        Accident::LoseFile(_) => container.files.retain(|path, _| !path.ends_with("conf")),
        _ => {}
    }
}

fn change(container: &mut FakeContainer, how: impl Fn(&mut RouteEntry)) {
    let routes = std::mem::take(&mut container.routes).into_iter();
    container.routes = routes
        .map(|mut route| {
            how(&mut route);
            route
        })
        .collect();
}
