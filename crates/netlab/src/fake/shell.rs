//! A shell that understands the commands of this crate, line by line.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{Commands, FakeContainer, World, refused};
use crate::engine::{EngineError, ExecOutput, RunState};
use crate::fingerprint::Fingerprint;
use crate::model::RouteEntry;

impl World {
    pub(super) fn exec(&mut self, container: &str, argv: &[&str]) -> Result<ExecOutput, EngineError> {
        if self.find(container)?.state.run != RunState::Running {
            return Err(refused(409, format!("container {container} is not running")));
        }
        if self.find(container)?.commands == Commands::Fail {
            let stdout = "OCI runtime exec failed\n".to_owned();
            return Ok(ExecOutput { code: 126, stdout, ..ExecOutput::default() });
        }
        let ["sh", "-c", script, rest @ ..] = argv else {
            return Ok(ExecOutput { code: 127, stdout: format!("{argv:?} not found"), ..ExecOutput::default() });
        };
        let mut output = ExecOutput::default();
        for line in script.lines().flat_map(|line| line.split("; ")) {
            // Each line that changes something may be the last one.
            if changes(line) {
                self.effect()?;
            }
            line_of(self.find(container)?, line, rest, &mut output);
        }
        Ok(output)
    }
}

fn changes(line: &str) -> bool {
    line.contains(" route replace ") || line.starts_with(": > ") || line.starts_with("\"$@\" ||")
}

fn line_of(inside: &mut FakeContainer, line: &str, rest: &[&str], output: &mut ExecOutput) {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["printf", ..] => {
            output.stdout.push_str(&line.trim_start_matches("printf ").trim_matches('\'').replace("\\n", "\n"))
        }
        ["cat", path, ..] => {
            output.stdout.push_str(&inside.files.get(*path).map(|c| String::from_utf8_lossy(c)).unwrap_or_default())
        }
        ["sha256sum", "--", paths @ ..] => {
            for path in paths.iter().map(|path| path.trim_matches('\'')) {
                if let Some(contents) = inside.files.get(path) {
                    output.stdout.push_str(&format!("{}  {path}\n", Fingerprint::of_bytes(contents)));
                }
            }
        }
        ["ip", "-j", family, "route", ..] => output.stdout.push_str(&inside.route_json(*family == "-6")),
        ["ip", _, "route", "replace", dst, rest @ ..] => {
            let after = |word: &'static str| rest.windows(2).filter(move |two| two[0] == word).map(|two| two[1]);
            let via = after("via").map(str::parse).collect();
            if let (Ok(dst), Ok(via)) = (dst.parse(), via) {
                let metric = after("metric").next().and_then(|metric| metric.parse().ok()).unwrap_or_default();
                inside.replace_route(RouteEntry { dst, via, metric }, output);
            }
        }
        [":", ">", path] => drop(inside.files.insert((*path).to_owned(), Vec::new())),
        // A reload; `true` follows a restart.
        ["\"$@\"", "||", ..] if rest.get(1) != Some(&"true") => inside.runs_by = inside.files.clone(),
        _ => {}
    }
}

impl FakeContainer {
    fn route_json(&self, ipv6: bool) -> String {
        let routes = self.routes.iter().filter(|route| matches!(route.dst, IpNet::V6(_)) == ipv6);
        let line = |r: &RouteEntry| match r.via.as_slice() {
            [] | [_] => serde_json::json!({"dst": r.dst, "gateway": r.via.first(), "metric": r.metric}),
            hops => {
                let hops: Vec<_> = hops.iter().map(|hop| serde_json::json!({"gateway": hop, "weight": 1})).collect();
                serde_json::json!({"dst": r.dst, "nexthops": hops, "metric": r.metric})
            }
        };
        let lines: Vec<_> = routes.map(line).collect();
        serde_json::Value::Array(lines).to_string()
    }

    fn replace_route(&mut self, new: RouteEntry, output: &mut ExecOutput) {
        let reaches = |via: &IpAddr| self.routes.iter().any(|route| route.via.is_empty() && route.dst.contains(via));
        if !new.via.iter().all(reaches) {
            output.stderr.push_str("Error: Nexthop has invalid gateway.\n");
            output.code = 2;
            return;
        }
        self.routes.retain(|route| route.dst != new.dst || route.metric != new.metric);
        self.routes.insert(new);
    }
}
