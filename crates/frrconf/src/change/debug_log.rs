//! A daemon's log, turned up and back.

use super::Commands;
use crate::vty::{self, Daemon};

/// A log file of a daemon that is written for a while, with microseconds and the debug messages that
/// [`log`](crate::log) reads, in the folder where the daemons may write ([`vty::RUN_FOLDER`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DebugLog {
    daemon: Daemon,
    prefix: String,
}

impl DebugLog {
    /// The commands that show what [`DebugLog::restore`] needs to know, before the log is turned up.
    pub const BEFORE: [&str; 2] = [crate::running::Running::COMMAND, "show debugging"];

    /// Names a log file of one daemon. The prefix, such as `lab-failover-`, marks it as the caller's, also for another
    /// run that finds it left behind.
    pub fn new(daemon: Daemon, prefix: &crate::values::Name) -> Self {
        Self { daemon, prefix: prefix.as_str().to_owned() }
    }

    /// The file's name in [`vty::RUN_FOLDER`].
    pub fn file(&self) -> String {
        format!("{}{}.log", self.prefix, self.daemon)
    }

    /// The commands that turn the log up.
    pub fn raise(&self) -> Commands {
        let file = format!("log file {}/{} debugging", vty::RUN_FOLDER, self.file());
        let debugs = debugs(self.daemon).iter().map(|(on, _)| (*on).to_owned());
        Commands::configure(["log timestamp precision 6".to_owned(), file]).then(Commands::plain(debugs))
    }

    /// The commands that make the log what it was, by the answers to [`DebugLog::BEFORE`], in their
    /// order. A file of ours in the
    /// configuration was left by a run that could not remove it, and so were its debug messages.
    pub fn restore(&self, [configuration, debugging]: [&str; 2]) -> Commands {
        let ours = format!("log file {}/{}", vty::RUN_FOLDER, self.prefix);
        let debugging = if configuration.contains(&ours) { "" } else { debugging };
        let line = |start: &str| configuration.lines().find(|line| line.starts_with(start) && !line.starts_with(&ours));
        let off = debugs(self.daemon).iter().filter(|(_, said)| !debugging.contains(said));
        let off = Commands::plain(off.map(|(on, _)| format!("no {on}")));
        let file = line("log file ").unwrap_or("no log file");
        off.then(Commands::configure([file, line("log timestamp precision").unwrap_or("no log timestamp precision")]))
    }
}

/// The debug commands of a daemon, each with the text by which `show debugging` says that it is on.
const fn debugs(daemon: Daemon) -> &'static [(&'static str, &'static str)] {
    match daemon {
        Daemon::Bgpd => &[
            ("debug bgp neighbor-events", "neighbor-events debugging is on"),
            ("debug bgp zebra", "zebra debugging is on"),
        ],
        Daemon::Bfdd => &[("debug bfd peer", "Peer events debugging is on")],
        Daemon::Zebra => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Name;

    fn log(daemon: Daemon) -> DebugLog {
        DebugLog::new(daemon, &Name::new("lab-failover-").unwrap())
    }

    #[test]
    fn a_log_becomes_what_it_was() {
        let ours = "log stdout informational\nlog timestamp precision 3\n";
        assert_eq!(
            log(Daemon::Bfdd).restore([ours, "BFD debugging status:\n"]).lines(),
            ["no debug bfd peer", "configure terminal", "no log file", "log timestamp precision 3", "end"]
        );
        let theirs = "log file /var/log/frr/frr.log debugging\n";
        let debugging = "BGP debugging status:\n  BGP neighbor-events debugging is on\n";
        assert_eq!(
            log(Daemon::Bgpd).restore([theirs, debugging]).lines(),
            [
                "no debug bgp zebra",
                "configure terminal",
                "log file /var/log/frr/frr.log debugging",
                "no log timestamp precision",
                "end"
            ]
        );
    }

    #[test]
    fn a_file_left_by_an_interrupted_run_is_not_restored() {
        let log = log(Daemon::Bgpd);
        let raised = log.raise();
        assert_eq!(raised.lines()[2], "log file /run/frr/lab-failover-bgpd.log debugging");
        let left = raised.lines()[1..3].join("\n").replace(" debugging", "");
        let debugging = "BGP zebra debugging is on, BGP neighbor-events debugging is on";
        let restored = log.restore([&left, debugging]);
        assert_eq!(restored.lines()[..2], ["no debug bgp neighbor-events", "no debug bgp zebra"]);
        assert_eq!(restored.lines()[3], "no log file");
    }
}
