//! Questions to FRR: each with its command, the daemon that answers it, and the view that reads the answer.
//!
//! A caller that can reach a daemon's socket sends [`Question::command`] to [`Question::daemon`] (see
//! [`vty`](crate::vty)). One that can only run programs in a container runs [`script`], a shell script that asks any
//! number of questions in one go, and takes its output apart with [`answers`]. Either way [`Question::read`] reads the
//! text.
//!
//! ```
//! use frrconf::ask::{self, Answer, Question};
//!
//! let questions = [Question::BgpSummary, Question::BfdPeers];
//! let script = ask::script(&questions);
//! // sh -c "$script" in a container whose bfdd does not run:
//! let printed = ask::Printed { stdout: "{}\n\u{1e}bfdd is not running\n\u{1e}", stderr: "" };
//! let texts = ask::answers(printed, &questions);
//! assert!(matches!(questions[0].read(texts[0].as_ref().unwrap())?, Answer::BgpSummary(_)));
//! assert_eq!(texts[1], Err("bfdd is not running".to_owned()));
//! # assert!(script.contains("show bgp summary json"));
//! # Ok::<(), frrconf::views::ViewError>(())
//! ```

mod question;
mod shell;

pub use question::{Answer, Question};
pub use shell::{Printed, answers, script};
