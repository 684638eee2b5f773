//! The lines that ginkgo prints with `-ginkgo.v -ginkgo.no-color`, as they come.
//!
//! A spec begins with a line of dashes and its full name; its end is a line with its seconds, and with its state unless it
//! passed. The words of a failure follow, up to the next line of dashes.

use super::{End, Ended};

/// The line before each spec, and after one that says something at its end.
const DELIMITER: &str = "------------------------------";
/// The kinds of nodes around all specs.
const AROUND: [&str; 6] = [
    "[BeforeSuite]",
    "[AfterSuite]",
    "[SynchronizedBeforeSuite]",
    "[SynchronizedAfterSuite]",
    "[DeferCleanup (Suite)]",
    "[ReportAfterSuite]",
];

/// Something that ginkgo said.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// A spec, or what is around all of them (`[BeforeSuite]`), begins.
    Began(String),
    /// It is at this step.
    Step(String),
    /// A spec ended.
    Ended(Ended),
    /// The failure of what is around all specs, with its last words.
    Around(String, String),
}

/// A reader of ginkgo's lines.
#[derive(Debug)]
pub struct Reader {
    specs: Vec<String>,
    at: At,
}

#[derive(Debug)]
enum At {
    /// Before a spec, or after one.
    Between,
    /// After a line of dashes.
    Delimiter,
    /// In a spec.
    Spec(String),
    /// After the line of its end, while its words are heard.
    Words(Ended, Words),
}

/// The place within what is said of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    Before,
    Within,
    After,
}

impl Reader {
    /// Makes a reader of a run of these specs.
    #[must_use]
    pub fn new(specs: Vec<String>) -> Self {
        Self { specs, at: At::Between }
    }

    /// Reads the next line.
    pub fn line(&mut self, line: &str) -> Option<Heard> {
        match std::mem::replace(&mut self.at, At::Between) {
            At::Words(ended, _) if line == DELIMITER => {
                self.at = At::Delimiter;
                Some(closed(ended))
            }
            At::Words(mut ended, words) => {
                let words = said(&mut ended.message, words, line.trim());
                self.at = At::Words(ended, words);
                None
            }
            At::Spec(spec) => self.within(spec, line),
            At::Delimiter if line.is_empty() || line == DELIMITER => {
                self.at = At::Delimiter;
                None
            }
            At::Delimiter => {
                let began = self.named(line)?;
                self.at = At::Spec(began.clone());
                Some(Heard::Began(began))
            }
            At::Between => {
                if line == DELIMITER {
                    self.at = At::Delimiter;
                }
                None
            }
        }
    }

    /// Hears that there are no more lines.
    pub fn end(&mut self) -> Option<Heard> {
        match std::mem::replace(&mut self.at, At::Between) {
            At::Words(ended, _) => Some(closed(ended)),
            At::Spec(spec) => Some(closed(Ended { spec, end: End::CutOff, seconds: 0.0, message: String::new() })),
            At::Between | At::Delimiter => None,
        }
    }

    /// Reads a line of a running spec.
    fn within(&mut self, spec: String, line: &str) -> Option<Heard> {
        if let Some((end, seconds)) = header(line) {
            let ended = Ended { spec, end, seconds, message: String::new() };
            if end == End::Passed {
                return (!is_around(&ended.spec)).then_some(Heard::Ended(ended));
            }
            self.at = At::Words(ended, Words::Before);
            return None;
        }
        self.at = At::Spec(spec);
        let step = line.trim_start().strip_prefix("STEP: ")?;
        Some(Heard::Step(step.rsplit_once(" @ ").map_or(step, |(step, _)| step).to_owned()))
    }

    /// Returns the spec that a line names: the longest of those that it may, as labels may follow.
    fn named(&self, line: &str) -> Option<String> {
        if let Some(around) = AROUND.iter().find(|around| line.starts_with(**around)) {
            return Some((*around).to_owned());
        }
        let names = |spec: &&String| {
            line.strip_prefix(spec.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(" ["))
        };
        self.specs.iter().filter(names).max_by_key(|spec| spec.len()).cloned()
    }
}

/// `true` if a name is that of a node around all specs.
fn is_around(name: &str) -> bool {
    AROUND.contains(&name)
}

fn closed(ended: Ended) -> Heard {
    if is_around(&ended.spec) { Heard::Around(ended.spec, ended.message) } else { Heard::Ended(ended) }
}

/// Adds a line to the words of a failure: from its state in brackets up to its place. What follows (progress reports,
/// stacks) is in the log.
fn said(message: &mut String, words: Words, line: &str) -> Words {
    match words {
        Words::Before => {
            let first = line.strip_prefix('[').and_then(|rest| rest.split_once("] "));
            let Some((_, first)) = first.filter(|(word, _)| End::of(word).is_some()) else { return Words::Before };
            message.push_str(first);
            Words::Within
        }
        Words::Within if line.starts_with("In [") && line.contains("] at: ") => Words::After,
        Words::Within => {
            if !line.is_empty() {
                message.push('\n');
                message.push_str(line);
            }
            Words::Within
        }
        Words::After => Words::After,
    }
}

/// Reads the line at a spec's end: `• [1.234 seconds]`, `• [FAILED] [1.234 seconds]`, `S [SKIPPED] [0.001 seconds]`,
/// `P [PENDING]`, `[BeforeSuite] PASSED [1.2 seconds]`.
fn header(line: &str) -> Option<(End, f64)> {
    if line == "P [PENDING]" {
        return Some((End::Pending, 0.0));
    }
    let before = line.strip_suffix(" seconds]")?;
    let (before, seconds) = before.rsplit_once('[')?;
    let seconds = seconds.parse().ok()?;
    let around = AROUND.iter().find_map(|around| before.strip_prefix(around));
    let rest = around.or_else(|| before.strip_prefix(['•', '+', 'S', 'R']))?.trim();
    let word = rest.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(word, _)| word);
    match word {
        None if rest.is_empty() || rest == "PASSED" => Some((End::Passed, seconds)),
        // A spec that passed at last.
        Some(flaky) if flaky.starts_with("FLAKEY TEST") => Some((End::Passed, seconds)),
        Some(word) => Some((End::of(word)?, seconds)),
        None => None,
    }
}

#[cfg(test)]
mod tests;
