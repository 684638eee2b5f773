//! What one look at a condition says.

/// What one look at a condition says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<T, E> {
    /// It holds; the value is what the caller waited for.
    Ready(T),
    /// It does not hold yet; the text names what is missing.
    NotYet(String),
    /// It never will; waiting on is pointless.
    Failed(E),
}

impl<T, E> Verdict<T, E> {
    /// The same verdict with another value when ready.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Verdict<U, E> {
        match self {
            Self::Ready(value) => Verdict::Ready(f(value)),
            Self::NotYet(missing) => Verdict::NotYet(missing),
            Self::Failed(error) => Verdict::Failed(error),
        }
    }

    /// Whether the condition holds.
    pub const fn is_ready(&self) -> bool {
        matches!(self, Self::Ready(_))
    }
}

impl<E> Verdict<(), E> {
    /// Ready when nothing is missing; otherwise not yet, naming all that is.
    pub fn all_of<S: AsRef<str>>(missing: &[S]) -> Self {
        if missing.is_empty() {
            return Self::Ready(());
        }
        let names: Vec<&str> = missing.iter().map(AsRef::as_ref).collect();
        Self::NotYet(names.join("; "))
    }
}
