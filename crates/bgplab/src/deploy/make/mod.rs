//! A checkout of the MetalLB Operator, deployed by its own Makefile.

mod checkout;
mod database;
mod run;

pub(crate) use checkout::Checkout;
pub use run::CERT_MANAGER;
pub(crate) use run::Make;
