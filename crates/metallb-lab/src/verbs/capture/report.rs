//! The report of a capture, in words and as JSON.

use std::fmt::Write;

use bgptap::{Captured, Names};
use camino::Utf8Path;
use serde_json::json;

use super::text::text;
use crate::exit::Answer;
use bgplab::Failure;

/// The report of a capture.
pub(super) struct Report<'a> {
    pub(super) lab: &'a str,
    pub(super) file: &'a Utf8Path,
    pub(super) names: Names,
    pub(super) captured: Captured,
}

impl Report<'_> {
    pub(super) fn answer(&self, command_code: Option<u8>) -> Result<Answer, Failure> {
        let Captured { began, ended, packets, lost, interfaces, absent, summary, .. } = &self.captured;
        let mut text = text(summary, &self.names, *began);
        let _ = writeln!(
            text,
            "\n{packets} packets in {:.1} s: {}{}",
            ended.seconds_since(*began),
            self.file,
            if *lost > 0 { format!(", and the kernel dropped {lost} packets for want of room") } else { String::new() },
        );
        for interface in interfaces {
            let _ =
                writeln!(text, "interface {} in the file is {} of {}", interface.number, interface.name, interface.at);
        }
        for name in absent {
            let _ = writeln!(text, "{name} never ran");
        }
        let document = json!({
            "lab": self.lab,
            "file": self.file,
            "began": began,
            "ended": ended,
            "packets": packets,
            "lost": lost,
            "interfaces": interfaces,
            "absent": absent,
            "flows": summary.flows(&self.names),
            "events": summary.events(&self.names),
            "command_code": command_code,
        });
        Answer::new(text, &document)
    }
}
