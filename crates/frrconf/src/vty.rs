//! The protocol between vtysh and a daemon's socket.
//!
//! Each FRR daemon listens on a Unix socket (`/run/frr/bgpd.vty`). A request is a command and a NUL byte; the answer is
//! the command's output, three NUL bytes and a status byte (FRR: `lib/vty.c`, `vtysh/vtysh.c`). A look over the socket
//! takes a millisecond, a vtysh started in the container a tenth of a second and as much processor time.
//!
//! ```no_run
//! use std::io::{Read, Write};
//! use std::os::unix::net::UnixStream;
//!
//! use frrconf::ask::Question;
//! use frrconf::vty::{Answer, request};
//!
//! let question = Question::BgpSummary;
//! let mut socket = UnixStream::connect(question.daemon().socket())?;
//! for command in ["enable", question.command()] {
//!     socket.write_all(&request(command)?)?;
//!     let (mut answer, mut buffer) = (Answer::default(), [0; 4096]);
//!     let reply = loop {
//!         let read = socket.read(&mut buffer)?;
//!         assert!(read > 0, "bgpd hung up");
//!         if let Some(reply) = answer.take(&buffer[..read]) {
//!             break reply;
//!         }
//!     };
//!     if command == question.command() {
//!         println!("{:?}", question.read(&reply.text)?);
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;

/// The end of an answer; the status byte follows.
const TERMINATOR: [u8; 3] = [0; 3];

/// Joins [`RUN_FOLDER`] and a file's name, where `concat!` takes no constant.
macro_rules! run {
    ($($file:literal)?) => {
        concat!("/run/frr", $("/", $file)?)
    };
}

/// The folder of the daemons' sockets and process ids, the only one besides their logs' that they may write into.
pub const RUN_FOLDER: &str = run!();

/// A daemon with a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Daemon {
    /// Kernel routes and next hops.
    Zebra,
    /// BGP.
    Bgpd,
    /// BFD.
    Bfdd,
}

impl Daemon {
    /// The program's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zebra => "zebra",
            Self::Bgpd => "bgpd",
            Self::Bfdd => "bfdd",
        }
    }

    /// The socket, as an absolute path on the machine (or in the container) that it runs on.
    pub const fn socket(self) -> &'static str {
        match self {
            Self::Zebra => run!("zebra.vty"),
            Self::Bgpd => run!("bgpd.vty"),
            Self::Bfdd => run!("bfdd.vty"),
        }
    }

    /// The socket's name in [`RUN_FOLDER`].
    pub fn socket_name(self) -> String {
        format!("{self}.vty")
    }

    /// The file that holds its process id, as an absolute path likewise.
    pub const fn pid_file(self) -> &'static str {
        match self {
            Self::Zebra => run!("zebra.pid"),
            Self::Bgpd => run!("bgpd.pid"),
            Self::Bfdd => run!("bfdd.pid"),
        }
    }
}

impl fmt::Display for Daemon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A command that cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("command {0:?} contains a line break or a NUL byte: send one command at a time")]
pub struct BadCommand(String);

/// The bytes that ask a daemon for a command. A new connection has to ask for `enable` first: without it some daemons
/// (bfdd) know few commands.
///
/// # Errors
/// [`BadCommand`] where the text would be more than one command.
pub fn request(command: &str) -> Result<Vec<u8>, BadCommand> {
    if command.contains(['\0', '\n', '\r']) {
        return Err(BadCommand(command.to_owned()));
    }
    let mut bytes = command.as_bytes().to_vec();
    bytes.push(0);
    Ok(bytes)
}

/// A daemon's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reply {
    /// The output of the command.
    pub text: String,
    /// FRR's status (`lib/command.h`): 0 is success, 1 a warning, 2 an unknown command.
    pub status: u8,
}

/// Collects an answer from the pieces that a socket delivers.
#[derive(Debug, Clone, Default)]
pub struct Answer(Vec<u8>);

impl Answer {
    /// Takes bytes that were read. Returns the answer once it is complete.
    pub fn take(&mut self, bytes: &[u8]) -> Option<Reply> {
        self.0.extend_from_slice(bytes);
        let (&status, rest) = self.0.split_last()?;
        let text = rest.strip_suffix(&TERMINATOR)?;
        Some(Reply { text: String::from_utf8_lossy(text).into_owned(), status })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The script that starts the daemons makes the folder.
    #[test]
    fn every_path_is_in_the_folder() {
        for daemon in [Daemon::Zebra, Daemon::Bgpd, Daemon::Bfdd] {
            assert_eq!(daemon.socket(), format!("{RUN_FOLDER}/{}", daemon.socket_name()));
            assert_eq!(daemon.pid_file(), format!("{RUN_FOLDER}/{daemon}.pid"));
        }
        assert!(crate::start::SCRIPT.contains(&format!("\nrun={RUN_FOLDER}\n")));
    }

    #[test]
    fn a_request_is_one_command() {
        assert_eq!(request("show bgp summary json").unwrap(), b"show bgp summary json\0");
        assert!(request("show version\nconfigure terminal").is_err());
    }

    #[test]
    fn a_refusal_has_a_status() {
        let reply = Answer::default().take(b"% [BGP] Unknown command: nonsense\n\0\0\0\x02").unwrap();
        assert_eq!((reply.text.as_str(), reply.status), ("% [BGP] Unknown command: nonsense\n", 2));
    }

    proptest! {
        /// Wherever the socket cuts the answer, it is whole at its last byte and not before.
        #[test]
        fn any_cut_gives_the_same_answer(text in "[^\0]{0,200}", status in 0u8..3, cut in 0usize..210) {
            let mut bytes = text.clone().into_bytes();
            bytes.extend([0, 0, 0, status]);
            let cut = cut.min(bytes.len() - 1);
            let mut answer = Answer::default();
            // Status 0 makes four NULs: three of them with an empty status must not be taken for the end.
            prop_assert_eq!(answer.take(&bytes[..cut]), None);
            prop_assert_eq!(answer.take(&bytes[cut..]), Some(Reply { text, status }));
        }
    }
}
