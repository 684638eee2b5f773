//! The checks of a prefix in a table, and of a session. Pure.

use std::collections::BTreeSet;
use std::net::IpAddr;

use frrconf::views::{DetailedPath, Family};
use frrconf::vty::Daemon;
use labfile::compose::SessionState;
use labfile::ipnet::IpNet;
use labfile::{Asn, Claim, Community};

use crate::checks::frr::list;
use crate::checks::views::Views;

/// Judges a claim of a table or a session; `None` for any other.
pub(super) fn judge(claim: &Claim, sessions: &[SessionState], views: &Views) -> Option<Result<String, String>> {
    Some(match claim {
        Claim::Prefix { at, prefix, next_hops, as_path, communities } => {
            let wanted = Wanted { next_hops: next_hops.as_ref(), as_path: as_path.as_deref(), communities };
            used(views, at.as_str(), *prefix).and_then(|paths| wanted.judge(&paths))
        }
        Claim::Absent { at, prefix } => used(views, at.as_str(), *prefix).and_then(|paths| match paths.is_empty() {
            true => Ok("not in the table".to_owned()),
            false => Err(format!("next hops {}, expected none", list(&hops(&paths)))),
        }),
        Claim::Session { near, far } => session(sessions, views, (near.as_str(), far.as_str())),
        _ => return None,
    })
}

/// Returns the paths to a prefix that a place uses.
fn used<'a>(views: &'a Views, at: &str, prefix: IpNet) -> Result<Vec<&'a DetailedPath>, String> {
    let view = views.get(at).ok_or("not asked")?;
    let table = view.detail.get(&Family::of(prefix.addr())).ok_or_else(|| view.why(Daemon::Bgpd))?;
    Ok(table.used(prefix).collect())
}

/// The properties that a prefix's paths have to have.
struct Wanted<'a> {
    next_hops: Option<&'a BTreeSet<IpAddr>>,
    as_path: Option<&'a [Asn]>,
    communities: &'a BTreeSet<Community>,
}

impl Wanted<'_> {
    fn judge(&self, paths: &[&DetailedPath]) -> Result<String, String> {
        if paths.is_empty() {
            return Err("not in the table".to_owned());
        }
        let hops = hops(paths);
        if let Some(wanted) = self.next_hops.filter(|wanted| **wanted != hops) {
            return Err(format!("next hops {}, expected {}", list(&hops), list(wanted)));
        }
        let by = |path: &DetailedPath| path.next_hop().map_or_else(|| "itself".to_owned(), |hop| hop.to_string());
        if let Some(wanted) = self.as_path {
            let wanted = wanted.iter().map(Asn::to_string).collect::<Vec<_>>().join(" ");
            if let Some(other) = paths.iter().find(|path| path.as_path() != wanted) {
                let words = |path: &str| if path.is_empty() { "none".to_owned() } else { path.to_owned() };
                return Err(format!(
                    "AS path {} by {}, expected {}",
                    words(other.as_path()),
                    by(other),
                    words(&wanted)
                ));
            }
        }
        for community in self.communities {
            if let Some(without) = paths.iter().find(|path| !path.communities().contains(&community.to_string())) {
                let has = without.communities();
                let has =
                    if has.is_empty() { "none".to_owned() } else { has.into_iter().collect::<Vec<_>>().join(" ") };
                return Err(format!("communities {has} by {}, expected {community}", by(without)));
            }
        }
        Ok(format!("next hops {}", list(&hops)))
    }
}

fn hops(paths: &[&DetailedPath]) -> BTreeSet<IpAddr> {
    paths.iter().filter_map(|path| path.next_hop()).collect()
}

fn session(sessions: &[SessionState], views: &Views, (near, far): (&str, &str)) -> Result<String, String> {
    let view = views.get(near).ok_or("not asked")?;
    let summary = view.summary.as_ref().ok_or_else(|| view.why(Daemon::Bgpd))?;
    let ends = sessions.iter().filter_map(|session| match (&session.opener, &session.answerer) {
        (one, other) if one.name == near && other.name == far => Some(other.address),
        (other, one) if one.name == near && other.name == far => Some(other.address),
        _ => None,
    });
    let ends: Vec<IpAddr> = ends.collect();
    if ends.is_empty() {
        return Err(format!("no session with {far}"));
    }
    for end in &ends {
        match summary.state(*end) {
            Some(_) if summary.established(*end) => {}
            Some(state) => return Err(format!("{end} is {state}, expected Established")),
            None => return Err(format!("no neighbor {end}")),
        }
    }
    Ok(format!("{} Established", ends.iter().map(IpAddr::to_string).collect::<Vec<_>>().join(" ")))
}

#[cfg(test)]
mod tests;
