//! The result of one look at a condition.

/// The result of one look at a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<T, E> {
    /// It holds; the value is the one that the caller waited for.
    Ready(T),
    /// It does not hold yet; the text names what is missing.
    NotYet(String),
    /// It never will hold; to go on waiting is pointless.
    Failed(E),
}

impl<T, E> Verdict<T, E> {
    /// Maps the value of a ready verdict, and keeps any other.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Verdict<U, E> {
        match self {
            Self::Ready(value) => Verdict::Ready(f(value)),
            Self::NotYet(missing) => Verdict::NotYet(missing),
            Self::Failed(error) => Verdict::Failed(error),
        }
    }

    /// `true` if the condition holds.
    pub const fn is_ready(&self) -> bool {
        matches!(self, Self::Ready(_))
    }
}

impl<E> Verdict<(), E> {
    /// Returns ready where nothing is missing, and otherwise a verdict that names all that is.
    pub fn all_of<S: AsRef<str>>(missing: &[S]) -> Self {
        if missing.is_empty() {
            return Self::Ready(());
        }
        let names: Vec<&str> = missing.iter().map(AsRef::as_ref).collect();
        Self::NotYet(names.join("; "))
    }
}
