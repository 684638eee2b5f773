//! HTTP from within containers and pods, with whatever client their image has.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use super::shells::Shells;
use super::{Check, Subject, Topic, ping};
use labfile::Node;
use labfile::compose::Ping;

/// The beginning of agnhost's answer.
const ANSWER: &str = "NOW:";
/// The longest time of an answer, in seconds; it takes a millisecond.
const BOUND: u8 = 3;

/// A request that has to be answered by the workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Get {
    /// The topic of its check.
    topic: Topic,
    /// The subject of its check.
    subject: Subject,
    /// The container, or the node, that sends it.
    from: String,
    /// The address and port.
    at: SocketAddr,
}

impl Get {
    /// A request to an address of the service.
    pub fn answer(ping: &Ping, port: u16) -> Self {
        let (from, at) = (ping.from.clone(), SocketAddr::new(ping.address, port));
        Self { topic: Topic::Reach, subject: ping::answer(ping, Some(port)), from, at }
    }

    /// A request to a node's port of the service.
    pub fn node_port(from: &str, node: &Node, at: SocketAddr) -> Self {
        let subject = Subject::NodePort { from: from.to_owned(), node: node.name.clone(), at };
        Self { topic: Topic::NodePort, subject, from: from.to_owned(), at }
    }
}

/// Sends all requests at the same time, with one command a container.
pub(crate) async fn get(shells: &Shells<'_>, requests: &[Get]) -> Vec<Check> {
    let mut by_source: BTreeMap<&str, Vec<&Get>> = BTreeMap::new();
    for request in requests {
        by_source.entry(&request.from).or_default().push(request);
    }
    let of_source = by_source.into_iter().map(async |(from, requests)| {
        let script = script(requests.iter().map(|request| request.at));
        let printed = shells.run(from, &script).await;
        requests.into_iter().map(|request| judge(request, &printed)).collect::<Vec<_>>()
    });
    futures::future::join_all(of_source).await.concat()
}

/// A script that prints, for each address, `ADDRESS CODE FIRST-LINE`. A failed request's line is the client's words.
fn script(addresses: impl Iterator<Item = SocketAddr>) -> String {
    let client = format!(
        "get() {{ if command -v curl >/dev/null; then curl -gsS -m{BOUND} \"$1\"; elif command -v wget >/dev/null; \
         then wget -qO- -T{BOUND} \"$1\"; else echo 'no HTTP client in the image'; return 9; fi; }}\n"
    );
    let one = |at: SocketAddr| {
        format!("{{ t=$(get http://{at}/ 2>&1); c=$?; printf '%s %s %s\\n' '{at}' $c \"${{t%%\n*}}\"; }} &\n")
    };
    std::iter::once(client).chain(addresses.map(one)).chain(["wait\n".to_owned()]).collect()
}

fn judge(request: &Get, printed: &Result<String, String>) -> Check {
    let seen = printed.as_ref().map_err(Clone::clone).and_then(|lines| {
        let begin = format!("{} ", request.at);
        let line = lines.lines().find_map(|line| line.strip_prefix(&begin)).ok_or("the request was not made")?;
        match line.split_once(' ').unwrap_or((line, "")) {
            ("0", answer) if answer.starts_with(ANSWER) => Ok(answer.trim_end().to_owned()),
            ("0", other) => Err(format!("answered `{other}`, expected agnhost's `{ANSWER} …`")),
            (_, "") => Err("no answer".to_owned()),
            (_, why) => Err(why.to_owned()),
        }
    });
    Check::of(request.topic, request.subject.clone(), seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(printed: &str) -> Check {
        let ping = Ping { from: "frr1".into(), to: "test-agnhost".into(), address: "fd01::".parse().unwrap() };
        judge(&Get::answer(&ping, 80), &Ok(printed.to_owned()))
    }

    #[test]
    fn only_agnhosts_answer_passes() {
        let good = judged("203.0.113.200:80 0 other\n[fd01::]:80 0 NOW: 2022-01-17 13:56:13 +0000 UTC m=+191\n");
        assert_eq!(good.seen, "NOW: 2022-01-17 13:56:13 +0000 UTC m=+191");
        assert!(good.passed);
        assert_eq!(good.subject.to_string(), "frr1 → test-agnhost http://[fd01::]:80");
        assert!(!judged("[fd01::]:80 0 <html>\n").passed);
        assert_eq!(judged("[fd01::]:80 28 curl: (28) timed out\n").seen, "curl: (28) timed out");
        assert_eq!(judged("").seen, "the request was not made");
    }

    #[test]
    fn the_script_is_one_that_a_shell_takes() {
        let script = script(["203.0.113.200:80", "[fd01::]:80"].map(|at| at.parse().unwrap()).into_iter());
        assert_eq!(script.matches("printf").count(), 2);
        assert!(script.contains("http://[fd01::]:80/"));
    }
}
