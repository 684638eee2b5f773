//! A diagnosis as people read it.

use std::fmt::Write;

use super::conclude::Diagnosis;
use super::finding::Finding;

/// How many failed checks a finding lists before it only counts them.
const LISTED: usize = 4;

impl Diagnosis {
    /// All of it.
    pub(crate) fn text(&self) -> String {
        if self.is_healthy() {
            return "nothing wrong found\n".to_owned();
        }
        let mut text = String::new();
        for (number, finding) in (1..).zip(&self.findings) {
            one(&mut text, number, finding);
        }
        if !self.unexplained.is_empty() {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "no cause found for {}:", count(self.unexplained.len(), "failed check"));
            for check in self.unexplained.iter().take(LISTED) {
                let _ = writeln!(text, "   {check}");
            }
            if self.unexplained.len() > LISTED {
                let _ = writeln!(text, "   and {} more: cargo xtask verify", self.unexplained.len() - LISTED);
            }
            text.push_str(
                "   it may still be settling (cargo xtask verify --wait 60); to ask someone else: cargo xtask collect\n",
            );
        }
        text
    }
}

fn one(text: &mut String, number: usize, finding: &Finding) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{number}. {}", finding.cause);
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "   {name:<9} {value}");
    };
    finding.evidence.iter().for_each(|seen| line("seen", seen));
    if !finding.remedy.is_empty() {
        finding.remedy.lines().for_each(|remedy| line("remedy", remedy));
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
