//! The desired state: networks, containers, guests, and the checks that make them a lab.

mod container;
mod defect;
mod lab;
mod name;
mod network;
mod predefined;
mod route;

pub use container::{Capability, ContainerSpec, Endpoint, FileSpec, GuestSpec, OnChange, RoutesBy};
pub use defect::{Defect, InvalidLab};
pub(crate) use lab::overlap;
pub use lab::{Lab, LabSpec};
pub use name::{InvalidName, Name};
pub use network::{Mtu, NetworkSpec};
pub(crate) use predefined::{give_way, or_remove};
pub use route::{Route, RouteEntry};
