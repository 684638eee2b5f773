//! A diagnosis as people read it.

use std::fmt::Write;

use crate::conclude::Diagnosis;
use crate::finding::Finding;

/// The number of failed checks that a finding lists before it only counts them.
const LISTED: usize = 4;

impl Diagnosis {
    /// Returns a diagnosis as people read it, its verbs typed as `command` before them.
    #[must_use]
    pub fn text(&self, command: &str) -> String {
        let mut text = String::new();
        if self.is_healthy() {
            text.push_str("nothing wrong found\n");
        }
        for (number, finding) in (1..).zip(&self.findings) {
            one(&mut text, number, finding, command);
        }
        let unexplained = &self.unexplained;
        if !unexplained.is_empty() {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "no cause found for {}:", count(unexplained.len(), "failed check"));
            for check in unexplained.iter().take(LISTED) {
                let _ = writeln!(text, "   {check}");
            }
            if unexplained.len() > LISTED {
                let verify = if self.without_lab { String::new() } else { format!(": {command} verify") };
                let _ = writeln!(text, "   and {} more{verify}", unexplained.len() - LISTED);
            }
            let ask = match self.without_lab {
                true => "it may still be settling: ask again in a minute".to_owned(),
                false => format!(
                    "it may still be settling ({command} verify --wait 60); to ask someone else: {command} collect"
                ),
            };
            let _ = writeln!(text, "   {ask}");
        }
        for cause in &self.unconfirmed {
            let _ = writeln!(text, "it passed, or it was something else; a second look did not confirm: {cause}");
        }
        for unseen in &self.unseen {
            let _ = writeln!(text, "not looked at: {unseen}");
        }
        text
    }
}

fn one(text: &mut String, number: usize, finding: &Finding, command: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{number}. {}", finding.cause);
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "   {name:<9} {value}");
    };
    finding.evidence.iter().for_each(|seen| line("seen", seen));
    if !finding.remedy.is_empty() {
        finding.remedy.typed_as(command).lines().for_each(|remedy| line("remedy", remedy));
    }
    finding.follows.iter().for_each(|deeper| line("therefore", deeper));
    match finding.explains.as_slice() {
        [] => {}
        few if few.len() <= LISTED => few.iter().for_each(|check| line("explains", check)),
        [first, rest @ ..] => line("explains", &format!("{first}, and {} more failed checks", rest.len())),
    }
    text.push('\n');
}

fn count(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}
