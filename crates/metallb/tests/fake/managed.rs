//! Field managers, as an API server keeps them in `metadata.managedFields`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Paths of fields, each as the keys of `FieldsV1`. A list counts as one field.
type Fields = BTreeSet<Vec<String>>;

/// The fields of an object that have managers: all but its identity, its status and the API's own bookkeeping.
fn fields(object: &Value) -> Fields {
    let mut found = Fields::new();
    for (key, value) in object.as_object().into_iter().flatten() {
        match key.as_str() {
            "apiVersion" | "kind" | "status" => {}
            "metadata" => {
                let labels = value.get("labels").cloned().unwrap_or(Value::Null);
                leaves(&mut vec!["f:metadata".into(), "f:labels".into()], &labels, &mut found);
            }
            _ => leaves(&mut vec![format!("f:{key}")], value, &mut found),
        }
    }
    found
}

fn leaves(path: &mut Vec<String>, value: &Value, found: &mut Fields) {
    match value {
        Value::Null => {}
        Value::Object(inner) if !inner.is_empty() => {
            for (key, value) in inner {
                path.push(format!("f:{key}"));
                leaves(path, value, found);
                path.pop();
            }
        }
        _ => {
            found.insert(path.clone());
        }
    }
}

fn at<'a>(object: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(object, |value, key| value.get(key.strip_prefix("f:")?))
}

fn tree(fields: &Fields) -> Value {
    let mut root = json!({});
    for path in fields {
        let mut here = &mut root;
        for key in path {
            here = here.as_object_mut().unwrap().entry(key).or_insert(json!({}));
        }
    }
    root
}

fn parse(tree: &Value, path: &mut Vec<String>, found: &mut Fields) {
    let inner: &Map<String, Value> = tree.as_object().unwrap();
    if inner.is_empty() && !path.is_empty() {
        found.insert(path.clone());
    }
    for (key, value) in inner {
        path.push(key.clone());
        parse(value, path, found);
        path.pop();
    }
}

/// The field manager that makes a request.
#[derive(Clone, Copy)]
pub(super) struct Manager<'a> {
    pub(super) name: &'a str,
    /// `Apply` or `Update`.
    pub(super) operation: &'a str,
}

/// The managers of an object's fields.
pub(super) struct Managed(Vec<(String, String, Fields)>);

impl Managed {
    pub(super) fn of(object: &Value) -> Self {
        let entries = object["metadata"]["managedFields"].as_array().cloned().unwrap_or_default();
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
        let entry = |entry: &Value| {
            let mut found = Fields::new();
            parse(&entry["fieldsV1"], &mut Vec::new(), &mut found);
            (text(entry, "manager"), text(entry, "operation"), found)
        };
        Self(entries.iter().map(entry).collect())
    }

    /// Takes over the fields of an applied object. Returns the dropped paths that no manager owns any more.
    pub(super) fn apply(&mut self, manager: Manager<'_>, applied: &Value, before: &Value) -> Vec<Vec<String>> {
        let set = fields(applied);
        let own = self.entry(manager);
        let dropped: Fields = std::mem::replace(own, set.clone()).difference(&set).cloned().collect();
        // By force: managers of another value lose the field.
        let changed: Fields = set.into_iter().filter(|path| at(before, path) != at(applied, path)).collect();
        self.lose(manager, &changed);
        dropped.into_iter().filter(|path| !self.0.iter().any(|(_, _, fields)| fields.contains(path))).collect()
    }

    /// Gives the fields that an update changed to its manager.
    pub(super) fn update(&mut self, manager: Manager<'_>, before: &Value, after: &Value) {
        let (old, new) = (fields(before), fields(after));
        let changed: Fields = new.iter().filter(|path| at(before, path) != at(after, path)).cloned().collect();
        let removed: Fields = old.difference(&new).cloned().collect();
        self.lose(manager, &changed);
        self.entry(manager).extend(changed);
        self.0.iter_mut().for_each(|(_, _, fields)| fields.retain(|path| !removed.contains(path)));
    }

    pub(super) fn write(mut self, object: &mut Value) {
        self.0.retain(|(_, _, fields)| !fields.is_empty());
        let entry = |(manager, operation, fields): &(String, String, Fields)| {
            json!({"manager": manager, "operation": operation, "apiVersion": "v1", "fieldsType": "FieldsV1",
                "fieldsV1": tree(fields)})
        };
        object["metadata"]["managedFields"] = self.0.iter().map(entry).collect();
    }

    fn entry(&mut self, manager: Manager<'_>) -> &mut Fields {
        let is =
            |(name, operation, _): &(String, String, Fields)| name == manager.name && operation == manager.operation;
        if !self.0.iter().any(is) {
            self.0.push((manager.name.to_owned(), manager.operation.to_owned(), Fields::new()));
        }
        let index = self.0.iter().position(is).unwrap();
        &mut self.0[index].2
    }

    fn lose(&mut self, manager: Manager<'_>, lost: &Fields) {
        for (name, operation, fields) in &mut self.0 {
            if (name.as_str(), operation.as_str()) != (manager.name, manager.operation) {
                fields.retain(|path| !lost.contains(path));
            }
        }
    }
}
