//! Faults of a cluster: each resource deleted, each of its fields deleted and changed; nodes and pods.

use bgplab::labfile::Lab;
use bgplab::labfile::compose::{ComposeError, installation};
use metallb::plan::Phase;
use metallb::spec::NAMESPACE;
use metallb::{Error, OPERATOR, Object, Source};
use serde_json::{Value, json};

use super::change::other_value;
use crate::dev::faults::fault::{Act, Fault};

/// The label by which load balancing leaves a node out.
const EXCLUDED: &str = "node.kubernetes.io/exclude-from-external-load-balancers";

/// A lab whose resources cannot be derived, which no checked lab causes.
#[derive(Debug, thiserror::Error)]
pub(in crate::dev::faults) enum NoFaults {
    /// Networks, routers or resources cannot be composed.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// Resources contradict each other.
    #[error(transparent)]
    Resources(#[from] Error),
}

/// Faults of the resources that the lab applies.
pub(super) fn of(lab: &Lab) -> Result<Vec<Fault>, NoFaults> {
    let wanted = installation(lab, Source::OperatorInstalled)?.wanted()?;
    let own = wanted.iter().filter(|wanted| wanted.phase != Phase::Namespaces);
    Ok(own.flat_map(|wanted| of_object(&wanted.object)).collect())
}

fn of_object(object: &Object) -> Vec<Fault> {
    let (kind, name) = (object.kind.as_str(), object.name());
    let space = object.metadata.namespace.as_deref().unwrap_or("default");
    let fault = |what: &str, verb: &str, rest: &[&str]| {
        let act = Act::kubectl(["-n", space, verb, kind, name].into_iter().chain(rest.iter().copied()));
        let names = vec![vec![name.to_owned()]];
        let id = format!("resource/{kind}/{name}/{what}");
        Fault { id, acts: vec![act], names, touched: Vec::new(), undo: Vec::new() }
    };
    let patched = |field: &Field, change: &str, patch: Value| {
        let patch = json!([patch]).to_string();
        let what = format!("{}/{change}", field.pointer.trim_start_matches('/').replace('/', "."));
        fault(&what, "patch", &["--type=json", "-p", &patch]).named(field.names())
    };
    let fields = fields(&object.data, String::new());
    let of_fields = fields.iter().flat_map(|field| {
        let path = &field.pointer;
        let removed = patched(field, "deleted", json!({"op": "remove", "path": path}));
        let other = other(&field.value);
        let changed =
            other.map(|other| patched(field, "changed", json!({"op": "replace", "path": path, "value": other})));
        [removed].into_iter().chain(changed)
    });
    [fault("deleted", "delete", &[])].into_iter().chain(of_fields).collect()
}

/// A field: its JSON pointer, and its value.
struct Field {
    pointer: String,
    value: Value,
}

impl Field {
    /// Returns the words by which a text names it: its own name, and its path from the last list on.
    fn names(&self) -> Vec<String> {
        let parts: Vec<&str> = self.pointer.split('/').filter(|part| !part.is_empty()).collect();
        let is_index = |part: &&str| part.parse::<usize>().is_ok();
        let last = parts.rsplit(is_index).find(|path| !path.is_empty()).unwrap_or_default();
        last.last().map(|own| (*own).to_owned()).into_iter().chain([last.join(".")]).collect()
    }
}

/// The fields that hold no others.
fn fields(value: &Value, pointer: String) -> Vec<Field> {
    let below = |key: &str| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(all) => all.iter().flat_map(|(key, value)| fields(value, below(key))).collect(),
        Value::Array(all) => {
            all.iter().enumerate().flat_map(|(at, value)| fields(value, below(&at.to_string()))).collect()
        }
        value => vec![Field { pointer, value: value.clone() }],
    }
}

/// Values of which the API knows a few, each with another one.
const ENUMERATED: [(&str, &str); 6] = [
    ("Cluster", "Local"),
    ("Local", "Cluster"),
    ("TCP", "UDP"),
    ("PreferDualStack", "SingleStack"),
    ("frr-k8s", "frr"),
    ("frr", "frr-k8s"),
];

/// Another value of the same type.
fn other(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(is) => Some(json!(!is)),
        Value::Number(number) => number.as_i64().and_then(|number| number.checked_add(1)).map(|other| json!(other)),
        Value::String(text) => match ENUMERATED.iter().find(|(one, _)| one == text) {
            Some((_, other)) => Some(json!(other)),
            None => other_value(text).map(Value::String),
        },
        _ => None,
    }
}

/// Faults of the programs that carry out what the resources say.
pub(super) fn programs() -> impl Iterator<Item = Fault> {
    ["controller", OPERATOR].into_iter().map(|name| {
        let id = format!("deployment/{name}/scaled");
        let act = Act::kubectl(["-n", NAMESPACE, "scale", "deployment", name, "--replicas=0"]);
        Fault { id, acts: vec![act], names: vec![vec![name.to_owned()]], touched: Vec::new(), undo: Vec::new() }
    })
}

/// Faults of the nodes in the cluster's API, and of MetalLB's pod on each.
pub(super) fn nodes(lab: &Lab) -> Vec<Fault> {
    let of = |node: &str| {
        let fault = |change: &str, args: &[&str]| Fault {
            touched: Vec::new(),
            ..Fault::of(format!("node/{node}/{change}"), node, vec![Act::kubectl(args)])
        };
        let on = format!("spec.nodeName={node}");
        vec![
            fault("cordoned", &["cordon", node]).undone_by(Act::kubectl(["uncordon", node])),
            fault("tainted", &["taint", "node", node, "lab=fault:NoExecute"])
                .undone_by(Act::kubectl(["taint", "node", node, "lab-"])),
            fault("excluded", &["label", "node", node, &format!("{EXCLUDED}=")]).undone_by(Act::kubectl([
                "label",
                "node",
                node,
                &format!("{EXCLUDED}-"),
            ])),
            fault("pods-deleted", &["-n", NAMESPACE, "delete", "pod", "--field-selector", &on]),
        ]
    };
    lab.cluster.node_names().flat_map(|(name, _)| of(&name)).collect()
}
