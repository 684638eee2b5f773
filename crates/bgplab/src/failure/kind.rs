//! The kinds of failures.

/// The kind of a failure, by which a front end chooses its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A check or a step failed.
    Step,
    /// Wrong use, or a wrong lab file.
    WrongUse,
    /// The machine lacks something, or something that is not the lab's stands in the way.
    Machine,
    /// A wait ran out.
    TimedOut,
    /// A signal ended the run.
    Interrupted,
}
