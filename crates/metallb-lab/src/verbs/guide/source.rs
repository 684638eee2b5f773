//! The guide as it is written: sections of prose, and the steps between.
//!
//! The text stands in `text/*.toml`, one file a section. What is read here is checked: a sample that its own pattern
//! does not match, a name that two steps have, or prose that cannot be read, is an error and no surprise in a document.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::patterns::Stable;
use super::prose::{self, Block, Inline};

/// The files, in the order in which they are read.
const FILES: [(&str, &str); 15] = [
    ("introduction", include_str!("text/introduction.toml")),
    ("topology", include_str!("text/topology.toml")),
    ("requirements", include_str!("text/requirements.toml")),
    ("cluster", include_str!("text/cluster.toml")),
    ("operator", include_str!("text/operator.toml")),
    ("resources", include_str!("text/resources.toml")),
    ("service", include_str!("text/service.toml")),
    ("bgp", include_str!("text/bgp.toml")),
    ("bfd", include_str!("text/bfd.toml")),
    ("checks", include_str!("text/checks.toml")),
    ("failover", include_str!("text/failover.toml")),
    ("bfd-only", include_str!("text/bfd-only.toml")),
    ("cleanup", include_str!("text/cleanup.toml")),
    ("standalone", include_str!("text/standalone.toml")),
    ("changes", include_str!("text/changes.toml")),
];

/// The whole guide; the first section carries its title.
#[derive(Debug)]
pub(super) struct Guide {
    pub(super) sections: Vec<Section>,
}

/// A section.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    /// Heading of the section.
    pub(super) title: String,
    /// Parts of the section, in their order.
    #[serde(rename = "part")]
    pub(super) parts: Vec<Part>,
}

/// A part of a section.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Part {
    /// Paragraphs and lists.
    Text(Prose),
    /// A command, run, with its output.
    Step(Box<Step>),
    /// A remark beside the way.
    Aside(Prose),
    /// A table.
    Table(Table),
    /// The lab's picture; the words for those who do not see it.
    Picture(String),
}

/// Prose, read.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Prose(pub(super) Vec<Block>);

impl TryFrom<String> for Prose {
    type Error = prose::Unreadable;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        prose::blocks(&text).map(Self)
    }
}

/// One line of prose, read.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Line(pub(super) Vec<Inline>);

impl TryFrom<String> for Line {
    type Error = prose::Unreadable;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        prose::line(&text).map(Self)
    }
}

/// A table with a header.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    /// The widths of the columns, as shares.
    pub(super) widths: Vec<u8>,
    /// The header's cells.
    pub(super) header: Vec<Line>,
    /// The rows' cells.
    pub(super) rows: Vec<Vec<Line>>,
}

/// A command that a reader types.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Step {
    /// Name of the step, for progress and where its output no longer matches.
    pub(super) name: String,
    /// The command, as a shell takes it.
    pub(super) run: String,
    /// The exit code that it ends with.
    #[serde(default)]
    pub(super) exit: u8,
    /// Time that it may take, in seconds.
    #[serde(default = "half_a_minute")]
    pub(super) within: u64,
    /// The command is looked at again until its output contains this.
    pub(super) until: Option<String>,
    /// Names that later commands need from this one's output.
    pub(super) learn: Option<Learn>,
    /// Parts that change from run to run, and how they are printed.
    #[serde(default)]
    pub(super) stable: Vec<Stable>,
    /// Lines that come in any order.
    #[serde(default)]
    pub(super) order: Vec<Order>,
    /// `true` if the names of a list, between commas, come in any order.
    #[serde(default)]
    pub(super) lists: bool,
    /// `true` if its columns are as wide as their widest cell.
    #[serde(default)]
    pub(super) columns: bool,
    /// Only these lines, each by words that it contains; `…` stands for what is left out.
    #[serde(default)]
    pub(super) keep: Vec<String>,
    /// Remarks on its lines.
    #[serde(default, rename = "callout")]
    pub(super) callouts: Vec<Callout>,
}

const fn half_a_minute() -> u64 {
    30
}

/// Names that are learned from a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Learn {
    /// The nodes' addresses, as Docker gave them.
    Nodes,
    /// The pods with FRR, by their nodes, from `kubectl get pods -o wide`.
    FrrPods,
    /// The service's node port, from `kubectl get services`.
    NodePort,
    /// The worker on which the application runs, from `kubectl get pods`: it is printed as the last one.
    Application,
}

/// Lines that come in any order: they are put in that of one of their words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    /// Words that all these lines contain.
    pub(super) of: String,
    /// Number of the word that counts; the first is 1.
    pub(super) by: usize,
}

/// Something said of a line of an output. A line that is not there fails the step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Callout {
    /// The line, by words that it contains.
    pub(super) at: String,
    /// The remark.
    pub(super) say: Line,
}

/// A mistake in the guide's own text.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadText {
    /// A file that cannot be read.
    #[error("text/{file}.toml: {cause}")]
    File {
        /// Name of the file.
        file: &'static str,
        /// Reason why it cannot be read.
        cause: String,
    },
    /// Two steps of one name, which a difference could not distinguish.
    #[error("two steps are named {0}")]
    Twice(String),
    /// A table whose rows do not fit its header.
    #[error("section {0}: a table's rows are not all as long as its header")]
    Ragged(String),
}

impl Section {
    /// The section's name in links, as forges make it of a heading.
    pub(super) fn id(&self) -> String {
        let word = |c: char| c.is_alphanumeric() || c == ' ' || c == '-';
        self.title.to_lowercase().chars().filter(|c| word(*c)).collect::<String>().replace(' ', "-")
    }
}

impl Guide {
    /// The guide as it is written.
    ///
    /// # Errors
    /// [`BadText`], which the tests would find.
    pub(super) fn read() -> Result<Self, BadText> {
        let section = |&(file, text): &(&'static str, &str)| {
            toml::from_str::<Section>(text).map_err(|error| BadText::File { file, cause: error.to_string() })
        };
        let guide = Self { sections: FILES.iter().map(section).collect::<Result<_, _>>()? };
        let mut names = BTreeSet::new();
        if let Some(step) = guide.steps().find(|step| !names.insert(step.name.as_str())) {
            return Err(BadText::Twice(step.name.clone()));
        }
        for section in &guide.sections {
            let fits = |table: &Table| {
                table.widths.len() == table.header.len() && table.rows.iter().all(|row| row.len() == table.header.len())
            };
            if section.parts.iter().any(|part| matches!(part, Part::Table(table) if !fits(table))) {
                return Err(BadText::Ragged(section.title.clone()));
            }
        }
        Ok(guide)
    }

    /// The steps, in the order in which they are run.
    pub(super) fn steps(&self) -> impl Iterator<Item = &Step> {
        self.sections.iter().flat_map(|section| &section.parts).filter_map(|part| match part {
            Part::Step(step) => Some(step.as_ref()),
            _ => None,
        })
    }
}
