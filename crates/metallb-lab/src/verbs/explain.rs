//! `explain`: why each router chooses the routes to a prefix that it has.

use std::collections::BTreeMap;
use std::net::IpAddr;

use bgplab::explain::{Explained, Explanation, SeenPath, Table};
use bgplab::{Failure, acts};
use labfile::compose::{Choice, Fate, Path};
use labfile::ipnet::IpNet;

use crate::ctx::Ctx;
use crate::exit::{Answer, table};

/// Options of `explain`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// An address, or a prefix that nodes announce
    #[arg(value_name = "PREFIX", value_parser = prefix)]
    prefix: IpNet,
    /// One router only
    #[arg(long, value_name = "ROUTER")]
    at: Option<String>,
}

/// Reads an address or a prefix.
fn prefix(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse()
        .or_else(|_| address())
        .map_err(|_| "expected an address or a prefix, such as 203.0.113.200, 203.0.113.0/24 or fd01::/128".to_owned())
}

/// Explains, and compares with what the routers have.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let explained = acts::explain(ctx, args.prefix, args.at.as_deref()).await?;
    Ok(Answer::new(text(&explained), &explained)?.failed_if(!explained.agrees))
}

fn text(explained: &Explained) -> String {
    let Explained { lab, prefix, announced_by, routers, places, agrees } = explained;
    let head = format!("{prefix} in lab {lab}, announced by {}\n", announced_by.join(", "));
    let end = match (agrees, routers.as_slice()) {
        (true, [one]) => format!("{} has chosen as predicted", one.predicted.router),
        (true, _) => "every router has chosen as predicted".to_owned(),
        (false, _) => "not every router has chosen as predicted".to_owned(),
    };
    let each: String = routers.iter().map(|router| format!("\n{}", of_router(router, places))).collect();
    format!("{head}{each}\n{end}\n")
}

fn of_router(router: &Explanation, places: &BTreeMap<IpAddr, String>) -> String {
    let mark = if router.differences.is_empty() { '✓' } else { '✗' };
    let mut text = format!("{mark} {}: {}\n", router.predicted.router, reason(&router.predicted));
    let rows = rows(router, places);
    if !rows.is_empty() {
        let header = ["from", "next hop", "preference", "as path", "predicted", "seen"];
        text.extend(table(header, rows).lines().map(|line| format!("    {line}\n")));
    }
    text.extend(router.differences.iter().map(|difference| format!("  ✗ {difference}\n")));
    text
}

/// Returns a line for each route, predicted or seen.
fn rows(router: &Explanation, places: &BTreeMap<IpAddr, String>) -> Vec<[String; 6]> {
    let seen: &[SeenPath] = match &router.seen {
        Table::Paths(seen) => seen,
        Table::Unread(_) => &[],
    };
    let hop = |address: Option<IpAddr>| match address {
        None => "–".to_owned(),
        Some(address) => places.get(&address).map_or_else(|| address.to_string(), |name| format!("{address} {name}")),
    };
    let words = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
    let predicted = router.predicted.paths.iter().map(|path| {
        let has = seen.iter().find(|seen| seen.neighbor == Some(path.neighbor) && is_it(path, seen));
        let as_path = path.as_path.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        [
            path.from.clone(),
            hop(Some(path.next_hop)),
            path.local_preference.to_string(),
            words(&as_path),
            fate(path.fate),
            has.map_or_else(|| "–".to_owned(), |has| state(has, seen)),
        ]
    });
    let known = |seen: &&SeenPath| {
        router.predicted.paths.iter().any(|path| seen.neighbor == Some(path.neighbor) && is_it(path, seen))
    };
    let others = seen.iter().filter(|seen| !known(seen)).map(|other| {
        let from = other.from.clone().or_else(|| other.neighbor.map(|address| address.to_string()));
        [
            from.unwrap_or_else(|| "itself".to_owned()),
            hop(other.next_hop),
            other.local_preference.map_or_else(|| "–".to_owned(), |preference| preference.to_string()),
            words(&other.as_path),
            "–".to_owned(),
            state(other, seen),
        ]
    });
    predicted.chain(others).collect()
}

/// `true` if a route that was seen is the predicted one, of those that its neighbor may send.
fn is_it(path: &Path, seen: &SeenPath) -> bool {
    path.certain || seen.next_hop == Some(path.next_hop)
}

fn fate(fate: Fate) -> String {
    match fate {
        Fate::Best => "best".to_owned(),
        Fate::Used => "used".to_owned(),
        Fate::Possible => "possible".to_owned(),
        Fate::Lost(step) => step.to_string(),
    }
}

fn state(path: &SeenPath, all: &[SeenPath]) -> String {
    match (path.best, path.used, path.valid) {
        (true, ..) => path.reason.as_ref().map_or_else(|| "best".to_owned(), |reason| format!("best: {reason}")),
        (_, true, _) => "used".to_owned(),
        (.., false) => "next hop not reached".to_owned(),
        _ if path.is_used_by_next_hop(all) => "by the same next hop".to_owned(),
        _ => "not used".to_owned(),
    }
}

/// Says which step of the decision has decided.
fn reason(choice: &Choice) -> String {
    let count = |is: fn(&Fate) -> bool| choice.paths.iter().filter(|path| is(&path.fate)).count();
    let (used, possible) =
        (count(|fate| matches!(fate, Fate::Best | Fate::Used)), count(|fate| matches!(fate, Fate::Possible)));
    let lost = choice.paths.iter().filter_map(|path| match path.fate {
        Fate::Lost(step) => Some(step),
        _ => None,
    });
    match (choice.paths.len(), used, lost.max()) {
        (0, ..) => "no route arrives".to_owned(),
        (1, ..) => "the only route".to_owned(),
        _ if possible > 0 => {
            format!("nothing in the configuration decides between {possible} routes")
        }
        (_, 1, Some(step)) => format!("decided by {}", step.rule()),
        (_, _, Some(step)) => format!("{used} routes are equal, and share the packets; others fell by {}", step.rule()),
        (_, _, None) => format!("{used} routes are equal, and share the packets"),
    }
}

#[cfg(test)]
mod tests;
