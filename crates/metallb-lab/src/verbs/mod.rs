//! One file a verb: its options, its act, its words.

pub(crate) mod capture;
pub(crate) mod collect;
pub(crate) mod completions;
pub(crate) mod deploy_frr;
pub(crate) mod deploy_metallb;
pub(crate) mod diagnose;
pub(crate) mod doctor;
pub(crate) mod failover;
pub(crate) mod failover_report;
pub(crate) mod graph;
pub(crate) mod guide;
pub(crate) mod images;
pub(crate) mod lab_down;
pub(crate) mod lab_up;
pub(crate) mod planned;
pub(crate) mod render;
pub(crate) mod repair;
pub(crate) mod status;
pub(crate) mod undeploy_frr;
pub(crate) mod undeploy_metallb;
pub(crate) mod up;
pub(crate) mod verify;
pub(crate) mod vtysh;
pub(crate) mod write;
