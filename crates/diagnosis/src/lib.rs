#![doc = include_str!("../README.md")]

mod advice;
mod check;
mod conclude;
pub mod evidence;
mod finding;
mod needs;
mod report;
mod rule;
mod rules;
mod subject;
mod text;

pub use advice::{Advice, COMMAND};
pub use check::{Check, Topic};
pub use conclude::Diagnosis;
pub use evidence::Evidence;
pub use finding::{Break, Finding, Layer};
pub use report::Report;
pub use subject::{Component, Subject};
