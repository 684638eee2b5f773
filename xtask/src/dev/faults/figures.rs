//! The figures of all faults that were tried, and each miss by its name.

use std::collections::BTreeMap;
use std::fmt::Write;

use metallb_lab::table;
use serde::Serialize;

use super::fault::kind;
use super::judge::{Judgement, Named};
use super::results::{Outcome, Tried};

/// The share of what is noticed that has to be named first.
const GOAL: f64 = 0.95;

/// The figures of some faults.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Figures {
    /// Tried.
    tried: usize,
    /// Refused by the command that should make them.
    not_made: usize,
    /// Noticed: a check failed.
    noticed: usize,
    /// Of these, named first.
    first: usize,
    /// Of those that were not noticed, named.
    said: usize,
    /// Statements about something else.
    untrue: usize,
}

impl Figures {
    /// Counts.
    pub(super) fn of<'a>(tried: impl IntoIterator<Item = &'a Tried>) -> Self {
        let mut figures = Self::default();
        for tried in tried {
            figures.tried += 1;
            match &tried.outcome {
                Outcome::Judged(judgement) => figures.take(judgement),
                Outcome::NotMade(_) => figures.not_made += 1,
                // Something is wrong, and nothing is said.
                Outcome::NotLookedAt(_) => figures.noticed += 1,
            }
        }
        figures
    }

    fn take(&mut self, judgement: &Judgement) {
        let (noticed, first) = (judgement.is_noticed(), judgement.named == Named::First);
        self.noticed += usize::from(noticed);
        self.first += usize::from(noticed && first);
        self.said += usize::from(!noticed && first);
        self.untrue += judgement.untrue.len();
    }

    /// Returns `true` if the goal is met.
    #[expect(clippy::cast_precision_loss, reason = "a share of some hundred faults")]
    pub(super) fn met(&self) -> bool {
        self.untrue == 0 && self.first as f64 >= GOAL * self.noticed as f64
    }

    fn row(&self, name: &str) -> [String; 7] {
        let Self { tried, not_made, noticed, first, said, untrue } = self;
        let counts = [tried, not_made, noticed, first, said, untrue].map(ToString::to_string);
        let [tried, not_made, noticed, first, said, untrue] = counts;
        [name.to_owned(), tried, not_made, noticed, first, said, untrue]
    }
}

/// The text of the figures, by kind of object and in all, and of the misses.
pub(super) fn text(all: &[Tried]) -> String {
    let mut kinds: BTreeMap<&str, Vec<&Tried>> = BTreeMap::new();
    for tried in all {
        kinds.entry(kind(&tried.id)).or_default().push(tried);
    }
    let rows = kinds.into_iter().map(|(kind, of)| Figures::of(of).row(kind));
    let rows = rows.chain([Figures::of(all).row("all")]);
    let head = ["object", "tried", "not made", "noticed", "named first", "unnoticed, named", "untrue"];
    let mut text = table(head, rows);
    for (title, of) in SECTIONS {
        let misses: Vec<(&str, String)> =
            all.iter().filter_map(|tried| Some((tried.id.as_str(), of(&tried.id, &tried.outcome)?))).collect();
        if !misses.is_empty() {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "\n{title}:");
        }
        for (id, why) in misses {
            let _ = writeln!(text, "  {id}\n      {why}");
        }
    }
    text
}

/// A kind of miss: its title, and the words about an outcome that is one.
type Section = (&'static str, fn(&str, &Outcome) -> Option<String>);

fn is_silent(judgement: &Judgement) -> bool {
    !judgement.is_noticed() && judgement.named != Named::First
}

/// The reason why a fault makes no difference, so that nothing is wrong once it is looked at.
fn harmless(id: &str) -> Option<&'static str> {
    let (object, change) = id.rsplit_once('/')?;
    match (kind(id), change) {
        ("program", "restarted") => Some("watchfrr starts it again, with its configuration"),
        ("line", "deleted") if object.ends_with(".minimum-ttl-254") => Some("FRR's default is the same"),
        ("route", "deleted") => Some("zebra sets it again"),
        ("line", _) if object.split('/').nth(2).is_some_and(|line| line.starts_with("hostname-")) => {
            Some("a name in the prompt and in the log, which no daemon goes by")
        }
        _ => None,
    }
}

const SECTIONS: [Section; 6] = [
    ("noticed, and not named first", |_, outcome| match outcome {
        Outcome::Judged(judgement) if judgement.is_noticed() && judgement.named != Named::First => Some(
            judgement
                .first
                .clone()
                .unwrap_or_else(|| format!("nothing named; failed: {}", judgement.failed.join(", "))),
        ),
        _ => None,
    }),
    ("stated, and of something else", |_, outcome| match outcome {
        Outcome::Judged(judgement) if !judgement.untrue.is_empty() => Some(judgement.untrue.join("; ")),
        _ => None,
    }),
    ("not noticed, and not named: a check is missing", |id, outcome| match outcome {
        Outcome::Judged(judgement) if is_silent(judgement) && harmless(id).is_none() => {
            Some(judgement.first.clone().unwrap_or_else(|| "nothing wrong found".to_owned()))
        }
        _ => None,
    }),
    ("not noticed, and not named: it makes no difference", |id, outcome| match outcome {
        Outcome::Judged(judgement) if is_silent(judgement) => harmless(id).map(str::to_owned),
        _ => None,
    }),
    ("not made", |_, outcome| match outcome {
        Outcome::NotMade(why) => Some(why.clone()),
        _ => None,
    }),
    ("not looked at", |_, outcome| match outcome {
        Outcome::NotLookedAt(why) => Some(why.clone()),
        _ => None,
    }),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(id: &str, failed: bool, named: Named, untrue: &[&str]) -> Tried {
        let failed = if failed { vec!["bgp frr1 – n".to_owned()] } else { Vec::new() };
        let untrue = untrue.iter().map(|cause| (*cause).to_owned()).collect();
        let judgement = Judgement { failed, named, first: None, untrue, inferred: Vec::new(), unexplained: 0 };
        let (made_by, left, outcome) = (String::new(), None, Outcome::Judged(judgement));
        Tried { id: id.into(), made_by, seconds: 1.0, left, outcome }
    }

    #[test]
    fn the_goal_is_a_share_of_what_is_noticed_and_no_untruth() {
        let first = |count: usize| vec![tried("line/a", true, Named::First, &[]); count];
        let silent = || tried("line/b", false, Named::Silent, &[]);
        assert!(Figures::of(&[first(1), vec![silent()]].concat()).met(), "what nobody notices counts for nothing");
        let missed = || tried("line/c", true, Named::Later, &[]);
        assert!(Figures::of(&[first(19), vec![missed()]].concat()).met());
        assert!(!Figures::of(&[first(18), vec![missed()]].concat()).met());
        assert!(!Figures::of(&[first(99), vec![tried("line/d", true, Named::First, &["no"])]].concat()).met());
    }

    #[test]
    fn each_miss_is_listed_once_by_its_name() {
        let all = [
            tried("line/b", false, Named::Silent, &[]),
            tried("route/c", true, Named::Not, &["a-rule: x is wrong"]),
            tried("route/d", true, Named::First, &[]),
        ];
        let text = text(&all);
        assert_eq!(text.matches("  route/c\n").count(), 2, "not named, and untrue: {text}");
        assert_eq!(text.matches("  line/b\n").count(), 1, "{text}");
        assert!(
            harmless("line/frr1/hostname-frr1/deleted").is_some() && harmless("route/frr1/::/0/blackhole").is_none()
        );
        assert!(!text.contains("  route/d") && text.contains("a-rule: x is wrong"), "{text}");
    }
}
