//! Why a lab is not as it should be.
//!
//! Everything is gathered once ([`evidence`]); rules ([`rules`]) are pure functions from evidence to findings. What
//! each finding breaks is known ([`finding::Break`]), and what each failed check needs ([`needs`]): so a finding names
//! the checks that it explains, and one that lies deeper and follows from another is not told as a cause of its own.

mod conclude;
mod evidence;
mod finding;
mod needs;
mod rule;
mod rules;
mod text;

pub use conclude::Diagnosis;
pub use evidence::inside::script as inside_script;
pub use evidence::{Evidence, own};
pub use finding::{Break, Finding, Layer};
