//! Text from a validated instance: one template a concern, joined in the order in which FRR needs them.

mod bgp;
mod context;
mod engine;
mod files;
mod policy;

pub use engine::RenderError;
pub use files::Files;
