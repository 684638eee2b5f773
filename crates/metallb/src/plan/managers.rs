//! The managers of an object's fields (`metadata.managedFields`), and the fields that others than us added.
//!
//! A server-side apply leaves the fields of other managers as they are: a field that somebody adds to an object of ours
//! would stay forever. Fields that the API sets by default have no manager.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use serde_json::{Map, Value};

use crate::FIELD_MANAGER;
#[cfg(any(feature = "client", test))]
use crate::object::Object;

/// A manager's part of the fields below some path.
#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    /// All of them: the path is a leaf of the manager's set.
    Whole,
    /// Some of them, in the format `FieldsV1`.
    Some(&'a Map<String, Value>),
}

impl<'a> Part<'a> {
    fn of(fields: &'a Value) -> Self {
        match fields.as_object() {
            Some(fields) if !fields.is_empty() => Self::Some(fields),
            _ => Self::Whole,
        }
    }
}

/// A manager's name, and the time of its last change.
type Manager<'a> = (&'a str, Option<&'a Time>);

/// The managers that own fields at or below some path, except our own server-side apply.
#[derive(Debug, Clone, Default)]
pub(super) struct Managers<'a>(Vec<(Manager<'a>, Part<'a>)>);

impl<'a> Managers<'a> {
    /// The managers of an object.
    pub(super) fn of(metadata: &'a ObjectMeta) -> Self {
        let entries = metadata.managed_fields.iter().flatten();
        let others = entries.filter_map(|entry| {
            let name = entry.manager.as_deref().unwrap_or("an unnamed manager");
            let ours = name == FIELD_MANAGER && entry.operation.as_deref() == Some("Apply");
            let fields = entry.fields_v1.as_ref().filter(|_| !ours)?;
            Some(((name, entry.time.as_ref()), Part::of(&fields.0)))
        });
        Self(others.collect())
    }

    /// The same without our own plain updates.
    #[cfg(any(feature = "client", test))]
    fn of_others(metadata: &'a ObjectMeta) -> Self {
        Self(Self::of(metadata).0.into_iter().filter(|((name, _), _)| *name != FIELD_MANAGER).collect())
    }

    /// The managers of a field of an object.
    pub(super) fn field(&self, name: &str) -> Self {
        self.below(|fields| fields.get(&format!("f:{name}")))
    }

    /// The managers of an item of a list.
    pub(super) fn item(&self, item: &Value) -> Self {
        self.below(|fields| fields.iter().find(|(key, _)| names(key, item)).map(|(_, below)| below))
    }

    fn below(&self, find: impl Fn(&'a Map<String, Value>) -> Option<&'a Value>) -> Self {
        let parts = self.0.iter().filter_map(|(manager, part)| match part {
            Part::Whole => Some((*manager, Part::Whole)),
            Part::Some(fields) => Some((*manager, Part::of(find(fields)?))),
        });
        Self(parts.collect())
    }

    /// The names of the managers other than this crate, each once; none without any.
    pub(super) fn names(&self) -> Option<String> {
        let mut names: Vec<&str> = self.others().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// The time of the last change by a manager other than this crate.
    pub(super) fn last(&self) -> Option<String> {
        self.others().filter_map(|(_, time)| time).max().map(|time| time.0.to_string())
    }

    fn others(&self) -> impl Iterator<Item = Manager<'a>> {
        self.0.iter().map(|(manager, _)| *manager).filter(|(name, _)| *name != FIELD_MANAGER)
    }
}

/// `true` if a key of `FieldsV1` names an item of a list: by its key fields (`k:{"port":80}`) or by its value (`v:80`).
fn names(key: &str, item: &Value) -> bool {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).ok();
    match key.split_once(':') {
        Some(("k", fields)) => parsed(fields)
            .as_ref()
            .and_then(Value::as_object)
            .is_some_and(|fields| fields.iter().all(|(name, value)| item.get(name).is_some_and(|has| has == value))),
        Some(("v", value)) => parsed(value).is_some_and(|value| value == *item),
        _ => false,
    }
}

/// `object` without the fields that `wanted` does not have and a manager other than our server-side apply set; none if
/// it has no such field. The API's defaults for them are missing from the result.
#[cfg(any(feature = "client", test))]
pub(crate) fn without_others(object: &Object, wanted: &Object) -> Option<Object> {
    without(object, wanted, &Managers::of(&object.metadata))
}

/// [`without_others`] where the API cannot be asked for its defaults. A field that only this crate updated may be one
/// that the API set by default in the course of such an update: it stays.
#[cfg(feature = "client")]
pub(crate) fn without_strangers(object: &Object, managed: &Object, wanted: &Object) -> Option<Object> {
    without(object, wanted, &Managers::of_others(&managed.metadata))
}

#[cfg(any(feature = "client", test))]
fn without(object: &Object, wanted: &Object, managers: &Managers<'_>) -> Option<Object> {
    let mut result = object.clone();
    // The status is not set by an apply.
    let status = result.data.as_object_mut().and_then(|fields| fields.remove("status"));
    let stripped = strip(&mut result.data, &wanted.data, managers);
    if let (Some(fields), Some(status)) = (result.data.as_object_mut(), status) {
        fields.insert("status".to_owned(), status);
    }
    stripped.then_some(result)
}

/// Removes the fields that somebody set and `wanted` does not have, and returns `true` if there were any.
#[cfg(any(feature = "client", test))]
fn strip(has: &mut Value, wanted: &Value, managers: &Managers<'_>) -> bool {
    if managers.0.is_empty() {
        return false;
    }
    let mut stripped = false;
    match (has, wanted) {
        (Value::Object(has), Value::Object(wanted)) => has.retain(|key, value| {
            let here = managers.field(key);
            match wanted.get(key) {
                Some(wanted) => stripped |= strip(value, wanted, &here),
                // kubectl's annotations of a pod template record an act, as a restart, and set nothing.
                None if here.0.is_empty() || key.starts_with("kubectl.kubernetes.io/") => {}
                None => {
                    stripped = true;
                    return false;
                }
            }
            true
        }),
        // Only lists of which managers own single items: any other is ours as a whole.
        (Value::Array(has), Value::Array(wanted)) => has.retain_mut(|item| {
            let here = managers.single(item);
            match wanted.iter().find(|wanted| managers.same(item, wanted)) {
                Some(wanted) => stripped |= strip(item, wanted, &here),
                None if here.0.is_empty() => {}
                None => {
                    stripped = true;
                    return false;
                }
            }
            true
        }),
        _ => {}
    }
    stripped
}

#[cfg(any(feature = "client", test))]
impl Managers<'_> {
    /// [`Self::item`], of managers that own single items.
    fn single(&self, item: &Value) -> Self {
        Self(self.0.iter().filter(|(_, part)| matches!(part, Part::Some(_))).copied().collect()).item(item)
    }

    /// `true` if two items of a list are the same one: by the key fields that a manager's set names, where both have
    /// them.
    fn same(&self, item: &Value, other: &Value) -> bool {
        let keys = self.0.iter().filter_map(|(_, part)| match part {
            Part::Whole => None,
            Part::Some(fields) => fields.keys().find(|key| names(key, item)),
        });
        keys.filter_map(|key| serde_json::from_str::<Value>(key.strip_prefix("k:")?).ok()).any(|fields| {
            let fields = fields.as_object().into_iter().flatten();
            fields.into_iter().all(|(name, value)| other.get(name).is_none_or(|has| has == value))
        }) || item == other
    }
}

#[cfg(test)]
mod tests;
