//! Requests by HTTP and by datagrams from within containers and pods, with whatever client their image has.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use super::shells::Shells;
use super::{Check, Subject, Topic, ping};
use labfile::Node;
use labfile::compose::Ping;
use metallb::workload::{Protocol, ServicePort};

/// The beginning of agnhost's answer by HTTP.
const ANSWER: &str = "NOW:";
/// The word that agnhost sends back in a datagram.
const ECHO: &str = "lab";
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
    /// The protocol.
    protocol: Protocol,
}

impl Get {
    /// A request to an address of a service.
    pub fn answer(ping: &Ping, port: ServicePort) -> Self {
        let (from, at) = (ping.from.clone(), SocketAddr::new(ping.address, port.number));
        Self { topic: Topic::Reach, subject: ping::answer(ping, Some(port)), from, at, protocol: port.protocol }
    }

    /// A request to a node's port of a service.
    pub fn node_port(from: &str, node: &Node, at: SocketAddr, protocol: Protocol) -> Self {
        let subject = Subject::NodePort { from: from.to_owned(), node: node.name.clone(), at, protocol };
        Self { topic: Topic::NodePort, subject, from: from.to_owned(), at, protocol }
    }

    /// Returns the beginning of the answer.
    const fn expected(&self) -> &'static str {
        match self.protocol {
            Protocol::Tcp => ANSWER,
            Protocol::Udp => ECHO,
        }
    }
}

/// Sends all requests at the same time, with one command a container.
pub(crate) async fn get(shells: &Shells<'_>, requests: &[Get]) -> Vec<Check> {
    let mut by_source: BTreeMap<&str, Vec<&Get>> = BTreeMap::new();
    for request in requests {
        by_source.entry(&request.from).or_default().push(request);
    }
    let of_source = by_source.into_iter().map(async |(from, requests)| {
        let script = script(requests.iter().map(|request| (request.at, request.protocol)));
        let printed = shells.run(from, &script).await;
        requests.into_iter().map(|request| judge(request, &printed)).collect::<Vec<_>>()
    });
    futures::future::join_all(of_source).await.concat()
}

/// A script that prints, for each address, `REQUEST CODE FIRST-LINE`. A failed request's line is the client's
/// words. Of a datagram's answer, which has no end, one read is enough.
pub(super) fn script(requests: impl Iterator<Item = (SocketAddr, Protocol)>) -> String {
    let client = format!(
        "get() {{ if command -v curl >/dev/null; then curl -gsS -m{BOUND} \"$1\"; elif command -v wget >/dev/null; \
         then wget -qO- -T{BOUND} \"$1\"; else echo 'no HTTP client in the image'; return 9; fi; }}\n\
         send() {{ if command -v bash >/dev/null; then bash -c 'exec 3<>/dev/udp/$0/$1; echo \"echo {ECHO}\" >&3; timeout {BOUND} \
         head -c {} <&3' \"$1\" \"$2\"; elif command -v nc >/dev/null; then echo 'echo {ECHO}' | nc -u -w{BOUND} \"$1\" \"$2\"; \
         else echo 'no client for datagrams in the image'; return 9; fi; }}\n",
        ECHO.len()
    );
    let one = |(at, protocol): (SocketAddr, Protocol)| {
        let ask = match protocol {
            Protocol::Tcp => format!("get http://{at}/"),
            Protocol::Udp => format!("send {} {}", at.ip(), at.port()),
        };
        let name = name(at, protocol);
        format!("{{ t=$({ask} 2>&1); c=$?; printf '%s %s %s\\n' '{name}' $c \"${{t%%\n*}}\"; }} &\n")
    };
    std::iter::once(client).chain(requests.map(one)).chain(["wait\n".to_owned()]).collect()
}

/// Names a request in what a script prints.
fn name(at: SocketAddr, protocol: Protocol) -> String {
    match protocol {
        Protocol::Tcp => at.to_string(),
        Protocol::Udp => format!("{at}/udp"),
    }
}

fn judge(request: &Get, printed: &Result<String, String>) -> Check {
    let seen = printed.as_ref().map_err(Clone::clone).and_then(|lines| {
        let begin = format!("{} ", name(request.at, request.protocol));
        let line = lines.lines().find_map(|line| line.strip_prefix(&begin)).ok_or("the request was not made")?;
        match line.split_once(' ').unwrap_or((line, "")) {
            ("0", answer) if answer.starts_with(request.expected()) => Ok(answer.trim_end().to_owned()),
            ("0", other) => Err(format!("answered `{other}`, expected agnhost's `{} …`", request.expected())),
            (_, "") => Err("no answer".to_owned()),
            (_, why) => Err(why.to_owned()),
        }
    });
    Check::of(request.topic, request.subject.clone(), seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTTP: ServicePort = ServicePort { number: 80, protocol: Protocol::Tcp };
    const DNS: ServicePort = ServicePort { number: 53, protocol: Protocol::Udp };

    fn judged(printed: &str) -> Check {
        let ping = Ping { from: "frr1".into(), to: "test-agnhost".into(), address: "fd01::".parse().unwrap() };
        judge(&Get::answer(&ping, HTTP), &Ok(printed.to_owned()))
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

    /// Both protocols may have one number.
    #[test]
    fn a_datagram_comes_back() {
        let ping = Ping { from: "frr1".into(), to: "dns".into(), address: "203.0.113.200".parse().unwrap() };
        let printed = "203.0.113.200:53 0 NOW: 2022\n203.0.113.200:53/udp 0 lab\n".to_owned();
        let check = judge(&Get::answer(&ping, DNS), &Ok(printed));
        assert_eq!((check.passed, check.subject.to_string().as_str()), (true, "frr1 → dns udp://203.0.113.200:53"));
    }

    #[test]
    fn the_script_is_one_that_a_shell_takes() {
        let requests = ["203.0.113.200:80", "[fd01::]:80"].map(|at| (at.parse().unwrap(), Protocol::Tcp));
        let datagram = ("[fd01::]:53".parse().unwrap(), Protocol::Udp);
        let script = script(requests.into_iter().chain([datagram]));
        assert_eq!(script.matches("printf").count(), 3);
        assert!(script.contains("send fd01:: 53") && script.contains("'[fd01::]:53/udp'"), "{script}");
        assert!(script.contains("http://[fd01::]:80/"));
    }
}
