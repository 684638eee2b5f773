//! Selectors as Kubernetes' API takes them.

use metallb::k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, LabelSelectorRequirement};

use crate::{LabelKey, LabelValue, Requirement, Selector};

/// Converts selectors.
pub(super) fn selectors(all: &[Selector]) -> Vec<LabelSelector> {
    all.iter().map(selector).collect()
}

fn selector(selector: &Selector) -> LabelSelector {
    let text = |(key, value): (&LabelKey, &LabelValue)| (key.to_string(), value.to_string());
    let labels: std::collections::BTreeMap<String, String> = selector.labels.iter().map(text).collect();
    let expressions: Vec<LabelSelectorRequirement> = selector.requirements.iter().map(requirement).collect();
    LabelSelector {
        match_labels: Some(labels).filter(|labels| !labels.is_empty()),
        match_expressions: Some(expressions).filter(|expressions| !expressions.is_empty()),
    }
}

fn requirement(requirement: &Requirement) -> LabelSelectorRequirement {
    let (key, operator, values) = match requirement {
        Requirement::In(key, values) => (key, "In", Some(values)),
        Requirement::NotIn(key, values) => (key, "NotIn", Some(values)),
        Requirement::Exists(key) => (key, "Exists", None),
        Requirement::DoesNotExist(key) => (key, "DoesNotExist", None),
    };
    LabelSelectorRequirement {
        key: key.to_string(),
        operator: operator.to_owned(),
        values: values.map(|values| values.iter().map(ToString::to_string).collect()),
    }
}
