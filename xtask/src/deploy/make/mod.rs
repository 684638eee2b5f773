//! A checkout of the MetalLB Operator, deployed by its own Makefile.

mod checkout;
mod database;
mod run;

pub(crate) use checkout::Checkout;
pub(crate) use run::{CERT_MANAGER, Make};
