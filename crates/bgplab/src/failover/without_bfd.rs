//! Turns BFD off for the runs without it, in the running configuration only, and on again afterwards.

use frrconf::vty::Daemon;
use futures::future::try_join_all;
use metallb::Cluster;
use metallb::spec::Backend;
use netlab::Docker;

use super::pod;
use super::watch::logs::tell_soon;
use crate::failure::Failure;
use crate::restores::{Kept, Restores};
use crate::router::Routers;
use crate::scene::Scene;

/// Returns the line that begins the BGP instance, and its lines that turn BFD on for neighbors; `None` if there are
/// none.
fn lines(configuration: &str) -> Option<(String, Vec<String>)> {
    let mut words = configuration.lines().map(str::trim_end);
    let begin = words.find(|line| line.starts_with("router bgp "))?.to_owned();
    let inside = words.take_while(|line| line.starts_with(' ') || *line == "!" || line.starts_with(" !"));
    let bfd = inside.map(str::trim).filter(|line| {
        let mut words = line.split(' ');
        words.next() == Some("neighbor") && words.nth(1) == Some("bfd")
    });
    let bfd: Vec<String> = bfd.map(str::to_owned).collect();
    (!bfd.is_empty()).then_some((begin, bfd))
}

/// Returns the commands that turn BFD off, and those that turn it on as it was.
fn commands(configuration: &str) -> Option<(Vec<String>, Vec<String>)> {
    let (begin, bfd) = lines(configuration)?;
    let around = |lines: Vec<String>| {
        let begin = ["configure terminal".to_owned(), begin.clone()];
        begin.into_iter().chain(lines).chain(["end".to_owned()]).collect()
    };
    // The shortest line of each neighbor, negated, turns BFD off with all of the neighbor's BFD settings.
    let off = bfd.iter().filter(|line| line.ends_with(" bfd")).map(|line| format!("no {line}")).collect();
    Some((around(off), around(bfd.clone())))
}

/// Turns BFD off at both ends of every session that the lab can reach, at nodes first: they would otherwise lose their
/// sessions with it.
///
/// # Errors
/// If a daemon refuses.
pub(crate) async fn off(
    scene: &Scene,
    docker: &Docker,
    routers: &Routers<'_>,
    restores: &Restores,
) -> Result<Vec<Kept>, Failure> {
    let mut places: Vec<(&str, bool)> = scene
        .expected
        .sessions
        .iter()
        .filter(|session| session.bfd.is_some())
        .flat_map(|session| [&session.opener, &session.answerer])
        .map(|side| (side.name.as_str(), side.is_node))
        .collect();
    places.sort_unstable_by_key(|(name, is_node)| (!is_node, *name));
    places.dedup();
    let mut kept = Vec::new();
    for ends in places.chunk_by(|a, b| a.1 == b.1) {
        let of = async |(place, is_node): &(&str, bool)| match (&scene.cluster, is_node) {
            (Some(_), true) => in_pod(scene, place, restores).await,
            _ => in_container(place, docker, routers, restores).await,
        };
        kept.extend(try_join_all(ends.iter().map(of)).await?.into_iter().flatten());
    }
    Ok(kept)
}

async fn in_container(
    place: &str,
    docker: &Docker,
    routers: &Routers<'_>,
    restores: &Restores,
) -> Result<Option<Kept>, Failure> {
    let show = ["show running-config".to_owned()];
    let unheard = |error| {
        Failure::step(format!("BFD of {place} cannot be turned off"))
            .cause(&error as &(dyn std::error::Error + 'static))
    };
    let shown = routers.tell(place, Daemon::Bgpd, &show).await.map_err(unheard)?;
    let Some((off, on)) = shown.first().and_then(|shown| commands(shown)) else { return Ok(None) };
    let (docker, container) = (docker.clone(), place.to_owned());
    let kept = restores.keep(format!("BFD of {place} on"), move || {
        let (docker, container, on) = (docker.clone(), container.clone(), on.clone());
        async move { tell_soon(&Routers::new(&docker), &container, Daemon::Bgpd, &on).await }
    });
    routers.tell(place, Daemon::Bgpd, &off).await.map_err(unheard)?;
    Ok(Some(kept))
}

async fn in_pod(scene: &Scene, node: &str, restores: &Restores) -> Result<Option<Kept>, Failure> {
    let Some((cluster, seen)) = &scene.cluster else { return Ok(None) };
    if seen.pods.on(node).is_none() {
        return Ok(None);
    }
    let (backend, show) = (seen.installed.backend, ["show running-config bgpd".to_owned()]);
    let shown = vtysh(cluster, backend, node, &show).await?;
    let Some((off, on)) = commands(&shown) else { return Ok(None) };
    let kept = restores.keep(format!("BFD of {node} on"), {
        let (cluster, node) = (cluster.clone(), node.to_owned());
        move || {
            let (cluster, node, on) = (cluster.clone(), node.clone(), on.clone());
            async move { vtysh(&cluster, backend, &node, &on).await.map(drop) }
        }
    });
    vtysh(cluster, backend, node, &off).await?;
    Ok(Some(kept))
}

/// Runs vtysh commands in a node's pod, whichever it is now.
async fn vtysh(
    cluster: &Cluster,
    backend: Option<Backend>,
    node: &str,
    commands: &[String],
) -> Result<String, Failure> {
    let place = pod::of_cluster(cluster, backend, node).await?;
    let words = commands.iter().flat_map(|command| ["-c", command.as_str()]);
    let argv: Vec<&str> = std::iter::once("vtysh").chain(words).collect();
    let done = cluster.exec(place.namespace, &place.pod, Some(metallb::frr::CONTAINER), &argv).await?;
    if done.code == 0 { Ok(done.stdout) } else { Err(Failure::step("vtysh refused").because(done.stderr)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: &str = "Current configuration:\n!\nfrr version 8.4.4\n!\nrouter bgp 64500\n bgp router-id 10.0.2.3\n \
        neighbor 10.0.1.3 remote-as 64500\n neighbor 10.0.1.3 bfd\n neighbor 10.0.1.3 bfd profile full\n \
        neighbor 10.0.2.2 remote-as 64500\n !\n address-family ipv4 unicast\n  neighbor 10.0.1.3 activate\n \
        exit-address-family\nexit\n!\nbfd\n profile full\n exit\nexit\n";

    #[test]
    fn what_is_turned_off_is_turned_on_as_it_was() {
        let (off, on) = commands(SHOWN).unwrap();
        assert_eq!(off, ["configure terminal", "router bgp 64500", "no neighbor 10.0.1.3 bfd", "end"]);
        assert_eq!(
            on,
            [
                "configure terminal",
                "router bgp 64500",
                "neighbor 10.0.1.3 bfd",
                "neighbor 10.0.1.3 bfd profile full",
                "end"
            ]
        );
    }

    #[test]
    fn a_router_without_bfd_is_left_alone() {
        assert_eq!(commands("router bgp 64500\n neighbor 10.0.2.2 remote-as 64500\nexit\n"), None);
        assert_eq!(commands("frr version 8.4.4\n"), None);
    }
}
