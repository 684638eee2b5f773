//! A fault: one change of one object of a lab, as a value.

use bgplab::process::Cmd;

/// A change of one object, with the commands that make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The name, the same in every run: the kind of object, its place, itself, and the change.
    pub(super) id: String,
    /// The commands that make it.
    pub(super) acts: Vec<Act>,
    /// The words that name the object: of each group one, at least.
    pub(super) names: Vec<Vec<String>>,
    /// The containers that are made anew to undo it, where need be.
    pub(super) touched: Vec<String>,
    /// The commands that undo it, or what making these anew does not. Where they suffice, nothing is made anew.
    pub(super) undo: Vec<Act>,
}

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Act(Vec<String>);

impl Fault {
    /// A fault of an object in a container.
    pub(super) fn of(id: String, place: &str, acts: Vec<Act>) -> Self {
        Self { id, acts, names: vec![vec![place.to_owned()]], touched: vec![place.to_owned()], undo: Vec::new() }
    }

    /// The same, whose object is named by one of these words, too.
    #[must_use]
    pub(super) fn named(mut self, words: impl IntoIterator<Item = impl ToString>) -> Self {
        self.names.push(words.into_iter().map(|word| word.to_string()).collect());
        self
    }

    /// The same, which touches another container.
    #[must_use]
    pub(super) fn touching(mut self, places: impl IntoIterator<Item = impl ToString>) -> Self {
        self.touched.extend(places.into_iter().map(|place| place.to_string()));
        self
    }

    /// The same, which a command undoes.
    #[must_use]
    pub(super) fn undone_by(mut self, act: Act) -> Self {
        self.undo.push(act);
        self
    }

    /// The kind of its object.
    pub(super) fn kind(&self) -> &str {
        kind(&self.id)
    }

    /// Returns `true` if a text names the object.
    pub(super) fn is_named_in(&self, text: &str) -> bool {
        let words: Vec<String> = words(text).collect();
        let has = |name: &String| words.contains(&bare(name).to_lowercase());
        self.names.iter().all(|one_of| one_of.iter().any(has))
    }

    /// The commands that make it, as they are typed.
    pub(super) fn made_by(&self) -> String {
        self.acts.iter().map(|act| act.cmd().to_string()).collect::<Vec<_>>().join("; ")
    }
}

/// The kind of object in a fault's name.
pub(super) fn kind(id: &str) -> &str {
    id.split('/').next().unwrap_or_default()
}

/// A word without the marks around it; an address that ends with colons loses them, too.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| ".:".contains(c))
}

/// The words of a text in lower case, without the marks around them. A prefix and its address are two words.
fn words(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(|c: char| c.is_whitespace() || "`'\"()[],;=".contains(c));
    let plain = parts.flat_map(|part| {
        let address = part.split_once('/').map(|(address, _)| bare(address));
        [Some(bare(part)), address]
    });
    plain.flatten().filter(|word| !word.is_empty()).map(str::to_lowercase)
}

impl Act {
    /// A program with arguments.
    pub(super) fn program<S: ToString>(argv: impl IntoIterator<Item = S>) -> Self {
        Self(argv.into_iter().map(|arg| arg.to_string()).collect())
    }

    /// The Docker client with arguments.
    pub(super) fn docker<S: ToString>(args: impl IntoIterator<Item = S>) -> Self {
        Self::program(std::iter::once("docker".to_owned()).chain(args.into_iter().map(|arg| arg.to_string())))
    }

    /// A program in a container.
    pub(super) fn run<S: ToString>(place: &str, argv: impl IntoIterator<Item = S>) -> Self {
        let argv = argv.into_iter().map(|arg| arg.to_string());
        Self::docker(["exec".to_owned(), place.to_owned()].into_iter().chain(argv))
    }

    /// A program of the machine in a container's network: `/proc/sys` cannot be written in a container.
    pub(super) fn inside<S: ToString>(place: &str, argv: impl IntoIterator<Item = S>) -> Self {
        const ENTER: &str = "exec nsenter -t \"$(docker inspect -f '{{.State.Pid}}' \"$0\")\" -n \"$@\"";
        Self::shell(ENTER, std::iter::once(place.to_owned()).chain(argv.into_iter().map(|arg| arg.to_string())))
    }

    /// Lines of a shell on the machine, with `$0` and following.
    pub(super) fn shell<S: ToString>(script: &str, args: impl IntoIterator<Item = S>) -> Self {
        let begin = ["sh", "-c", script].map(str::to_owned).into_iter();
        Self(begin.chain(args.into_iter().map(|arg| arg.to_string())).collect())
    }

    /// The same of a shell in a container.
    pub(super) fn shell_in<S: ToString>(place: &str, script: &str, args: impl IntoIterator<Item = S>) -> Self {
        Self::run(place, Self::shell(script, args).0)
    }

    /// Lines typed into a router's configuration, in a context.
    pub(super) fn typed<S: AsRef<str>>(place: &str, lines: impl IntoIterator<Item = S>) -> Self {
        let lines = lines.into_iter().flat_map(|line| ["-c".to_owned(), line.as_ref().to_owned()]);
        Self::run(place, ["vtysh", "-c", "configure terminal"].map(str::to_owned).into_iter().chain(lines))
    }

    /// The Kubernetes client with arguments.
    pub(super) fn kubectl<S: ToString>(args: impl IntoIterator<Item = S>) -> Self {
        Self::program(std::iter::once("kubectl".to_owned()).chain(args.into_iter().map(|arg| arg.to_string())))
    }

    /// The command as it is run.
    pub(super) fn cmd(&self) -> Cmd {
        let (program, args) = self.0.split_first().map_or(("true", [].as_slice()), |(p, args)| (p.as_str(), args));
        Cmd::new(program).args(args.iter().cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_named_by_whole_words() {
        let fault = Fault::of("address/k-worker/10.0.1.3/deleted".into(), "k-worker", Vec::new());
        let fault = fault.named(["10.0.1.3", "fd00::3"]);
        assert!(fault.is_named_in("the address 10.0.1.3 was taken off the link of K-worker, too"));
        assert!(fault.is_named_in("`ip address in k-worker: fd00::3/64`."));
        assert!(!fault.is_named_in("k-worker2 lacks 10.0.1.3") && !fault.is_named_in("k-worker lacks 10.0.1.33"));
        assert_eq!(fault.kind(), "address");
        let service = Fault::of("address/n/fd01::/deleted".into(), "n", Vec::new()).named(["fd01::"]);
        assert!(service.is_named_in("node n does not have the address fd01::.") && !service.is_named_in("n fd02::"));
    }

    #[test]
    fn a_command_prints_as_it_is_typed() {
        assert_eq!(
            Act::typed("frr1", ["router bgp 1", "no neighbor a"]).cmd().to_string(),
            "docker exec frr1 vtysh -c 'configure terminal' -c 'router bgp 1' -c 'no neighbor a'"
        );
    }
}
