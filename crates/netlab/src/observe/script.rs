//! The commands that run in containers, and the reading of their output.

use crate::engine::{EngineError, ExecOutput};
use crate::fingerprint::Fingerprint;
use crate::iproute::{AddressFamily, main_routes};
use crate::model::{FileSpec, Route};

use super::{Facts, Source};

/// The note of pending files, uploaded and not yet loaded, one a line. It lies in the container, so that it survives a
/// run that is killed between the two.
pub(crate) const PENDING: &str = "/.netlab-pending";

/// Begins a section of the output; no command prints it by itself.
const MARK: &str = "\u{1}netlab:";

/// Returns the command that looks into a container: pending files, fingerprints of files, routes.
pub(crate) fn look(files: &[FileSpec]) -> Vec<String> {
    let mark = |section: &str| format!("printf '\\n{MARK}{section}\\n'");
    let mut script = vec![mark("pending"), format!("cat {PENDING} 2>/dev/null")];
    if !files.is_empty() {
        let paths: Vec<_> = files.iter().map(|file| quote(&file.path)).collect();
        script.extend([mark("files"), format!("sha256sum -- {} 2>/dev/null", paths.join(" "))]);
    }
    script.extend([mark("routes4"), "ip -j -4 route 2>/dev/null".to_owned()]);
    script.extend([mark("routes6"), "ip -j -6 route 2>/dev/null".to_owned()]);
    script.push("exit 0".to_owned());
    ["sh".to_owned(), "-c".to_owned(), script.join("\n")].into()
}

/// Reads the output of a look. Where the look did not even begin, because the runtime starts nothing in the container,
/// that is an error: nothing is known then, which is not the same as everything missing.
pub(crate) fn facts(container: &str, output: ExecOutput) -> Result<Facts, EngineError> {
    let mut facts = Facts {
        source: Source::Exec,
        routes: Default::default(),
        files: Default::default(),
        pending: Default::default(),
    };
    let ExecOutput { stdout, stderr, code } = output;
    if !stdout.contains(MARK) {
        let words = [stdout.trim(), stderr.trim()].join(" ");
        let message = format!("code {code}: {}", words.trim());
        return Err(EngineError::Unreadable { action: format!("looking into container {container}"), message });
    }
    for section in stdout.split(MARK).skip(1) {
        match section.split_once('\n').unwrap_or((section, "")) {
            ("pending", body) => facts.pending.extend(pending(body)),
            ("files", body) => facts.files.extend(body.lines().filter_map(sum_line)),
            ("routes4", body) => facts.routes.extend(main_routes(body, AddressFamily::Ipv4)),
            ("routes6", body) => facts.routes.extend(main_routes(body, AddressFamily::Ipv6)),
            _ => {}
        }
    }
    Ok(facts)
}

/// Returns the paths in the note of pending files.
pub(crate) fn pending(note: &str) -> impl Iterator<Item = String> + '_ {
    note.lines().filter(|line| !line.is_empty()).map(str::to_owned)
}

/// Reads a line of `sha256sum`: digest, two spaces (or a space and an asterisk), path.
fn sum_line(line: &str) -> Option<(String, Fingerprint)> {
    let (digest, path) = line.split_once(' ')?;
    Some((path.get(1..)?.to_owned(), Fingerprint::from_hex(digest)?))
}

/// Returns the command that sets routes and then prints the tables.
pub(crate) fn set_routes(routes: &[Route]) -> Vec<String> {
    let mut script: Vec<_> = routes.iter().map(Route::command).collect();
    script.push(format!("printf '\\n{MARK}routes4\\n'; ip -j -4 route"));
    script.push(format!("printf '\\n{MARK}routes6\\n'; ip -j -6 route"));
    ["sh".to_owned(), "-c".to_owned(), script.join("\n")].into()
}

/// Returns the command that runs a reload; the last one of several then clears the note of pending files.
pub(crate) fn take(argv: &[String], last: bool) -> Vec<String> {
    let clear = if last { format!("\n: > {PENDING}") } else { String::new() };
    let script = format!("\"$@\" || exit $?{clear}");
    let start = ["sh", "-c", &script, "netlab"].map(str::to_owned);
    start.into_iter().chain(argv.iter().cloned()).collect()
}

fn quote(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_next_hops_are_set_at_once() {
        let one = Route::v6("fd00:2::/64".parse().unwrap(), ["fd00:1::2".parse().unwrap()]);
        let hops = ["10.0.1.2", "10.0.1.3"].map(|hop| hop.parse().unwrap());
        let two = Route::v4("10.0.2.0/24".parse().unwrap(), hops);
        let hops = ["fd00:1::2", "fd00:1::3"].map(|hop| hop.parse().unwrap());
        let two_v6 = Route::v6("fd00:3::/64".parse().unwrap(), hops);
        let command = set_routes(&[one, two, two_v6]);
        let lines: Vec<&str> = command[2].lines().take(3).collect();
        let wanted = [
            "ip -6 route replace fd00:2::/64 metric 1 via fd00:1::2",
            "ip -4 route replace 10.0.2.0/24 nexthop via 10.0.1.2 nexthop via 10.0.1.3",
            "ip -6 route replace fd00:3::/64 metric 1 nexthop via fd00:1::2 nexthop via fd00:1::3",
        ];
        assert_eq!(lines, wanted);
    }
}
