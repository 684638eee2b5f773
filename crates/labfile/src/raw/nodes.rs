//! Nodes and their selection as they are written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::super::{
    At, Name,
    selector::{LabelKey, LabelValue, Labels},
};

/// A node, as far as the lab file says more of it than its cluster does.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawNode {
    /// The node's name: that of the cluster, and `-control-plane`, `-worker`, `-worker2` and so on.
    pub name: At<Name>,
    /// The labels, in addition to those that every node has. Provider `existing`: those of the cluster apply.
    #[serde(default)]
    pub labels: BTreeMap<At<LabelKey>, LabelValue>,
}

/// A selector: labels with their values, as `{ rack = "a" }`, and expressions.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub struct RawSelector {
    /// Requirements other than a label's value (`matchExpressions`).
    #[serde(default)]
    pub match_expressions: Vec<At<RawRequirement>>,
    /// Labels with their values (`matchLabels`).
    #[serde(flatten)]
    #[schemars(with = "BTreeMap<String, LabelValue>")]
    pub labels: Labels,
}

/// A requirement of a selector.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawRequirement {
    /// The label.
    pub key: LabelKey,
    /// The relation of the label to the values.
    pub operator: RawOperator,
    /// The values, for In and NotIn.
    #[serde(default)]
    pub values: Vec<LabelValue>,
}

/// The relation of a label to the values of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum RawOperator {
    /// The label has one of the values.
    In,
    /// The label is absent, or has none of the values.
    NotIn,
    /// The label is there.
    Exists,
    /// The label is absent.
    DoesNotExist,
}
