//! The reference of lab files: every table and field, with an example.

mod example;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::raw::RawLab;

/// Returns a page in Markdown of every table and field of lab files: its value, its description and an example. It is made
/// from the types that read lab files, and from the kept labs.
///
/// ```
/// let page = labfile::reference();
/// assert!(page.contains("## `[[peer]]`") && page.contains("| `hold-time` |"));
/// ```
#[must_use]
pub fn reference() -> String {
    let schema = schemars::schema_for!(RawLab);
    let page = Page { schema: schema.as_value() };
    page.text()
}

/// The page of a schema.
struct Page<'a> {
    schema: &'a Value,
}

/// The tables within tables, each with the tables of the file that have it.
type Inner<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

const HEAD: &str = "# The lab file\n\nEvery table and field, made from the types that read lab files (`metallb-lab schema --reference`). \
    Fields in **bold** have to be given. Examples are from [labs/](../labs).\n";

impl Page<'_> {
    fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        let (top, tables): (Vec<_>, Vec<_>) =
            fields(self.schema).partition(|(_, field)| self.table_of(field).is_none());
        text.push_str("\n## At the top\n");
        self.fields(&mut text, self.schema, &[""], top);
        let mut inner = Inner::new();
        for (name, field) in tables {
            let Some((of, several)) = self.table_of(field) else { continue };
            let title = if several { format!("`[[{name}]]`") } else { format!("`[{name}]`") };
            self.table(&mut text, &title, &describe(field), (of, &[name]));
            self.inner(of, name, &mut inner);
        }
        for (of, within) in inner {
            let description = self.definition(of).map(describe).unwrap_or_default();
            let within: Vec<&str> = within.into_iter().collect();
            self.table(&mut text, &heading(of), &description, (of, &within));
        }
        text
    }

    fn table(&self, text: &mut String, title: &str, description: &str, (of, within): (&str, &[&str])) {
        let _ = write!(text, "\n## {title}\n\n{description}\n");
        let Some(definition) = self.definition(of) else { return };
        self.fields(text, definition, within, fields(definition).collect());
    }

    /// Writes fields, with examples from these tables of the file.
    fn fields(&self, text: &mut String, of: &Value, within: &[&str], fields: Vec<(&str, &Value)>) {
        let required: Vec<&str> = of["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        text.push_str("\n| field | value | | example |\n|---|---|---|---|\n");
        for (name, field) in fields {
            let shown = if required.contains(&name) { format!("**`{name}`**") } else { format!("`{name}`") };
            let example = within.iter().find_map(|table| example::find(table, name));
            let example = example.map(|example| format!("`{example}`")).unwrap_or_default();
            let cells = [self.value(field), describe(field), example].map(|cell| cell.replace('|', "\\|"));
            let _ = writeln!(text, "| {shown} | {} |", cells.join(" | "));
        }
    }

    /// Collects the tables within a table of the file.
    fn inner<'a>(&'a self, of: &str, within: &'a str, all: &mut Inner<'a>) {
        let Some(definition) = self.definition(of) else { return };
        for (_, field) in fields(definition) {
            if let Some((inner, _)) = self.table_of(field)
                && all.entry(inner).or_default().insert(within)
            {
                self.inner(inner, within, all);
            }
        }
    }

    fn definition(&self, name: &str) -> Option<&Value> {
        self.schema["$defs"].get(name)
    }

    /// Returns the type of a field that is a table, and if it is a list of them.
    fn table_of<'a>(&'a self, field: &'a Value) -> Option<(&'a str, bool)> {
        let several = field["items"].is_object();
        let reference = reference_of(if several { &field["items"] } else { field })?;
        self.definition(reference).filter(|definition| definition["type"] == "object")?;
        Some((reference, several))
    }

    /// Describes the values of a field.
    fn value(&self, field: &Value) -> String {
        if let Some((of, several)) = self.table_of(field) {
            let link = format!("[{}](#{})", noun(of), heading(of).to_lowercase().replace(' ', "-"));
            return if several { format!("list of {link}") } else { link };
        }
        if field["items"].is_object() {
            return format!("list of {}", self.value(&field["items"]));
        }
        if field["additionalProperties"].is_object() {
            return format!("table of {}", self.value(&field["additionalProperties"]));
        }
        if let Some(definition) = reference_of(field) {
            return self.definition(definition).map_or_else(|| noun(definition), |of| named(definition, of));
        }
        plain(field)
    }
}

/// Describes a type that has a name: by its values, where there are few.
fn named(name: &str, definition: &Value) -> String {
    let words = |value: &Value| value.as_str().map(|word| format!("`\"{word}\"`"));
    let constants = |list: &Value| -> Vec<String> {
        let all = list.as_array().into_iter().flatten();
        all.filter_map(|one| words(&one["const"]).or_else(|| words(one))).collect()
    };
    let mut all = constants(&definition["enum"]);
    all.extend(definition["oneOf"].as_array().into_iter().flatten().flat_map(|one| {
        let mut own = constants(&one["enum"]);
        own.extend(words(&one["const"]));
        own
    }));
    if all.is_empty() { noun(name) } else { all.join(", ") }
}

/// Describes a type without a name.
fn plain(field: &Value) -> String {
    let kind = match &field["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        kind => kind.as_str(),
    };
    let bounds = (field["minimum"].as_u64(), field["maximum"].as_u64());
    match (kind, bounds) {
        (Some("integer"), (Some(least), Some(most))) => format!("{least} to {most}"),
        (Some("integer"), _) => "number".to_owned(),
        (Some("boolean"), _) => "`true`, `false`".to_owned(),
        _ => "text".to_owned(),
    }
}

/// Names a type in words: `RawBfdProfile` is a BFD profile.
fn noun(name: &str) -> String {
    let name = name.strip_prefix("Raw").unwrap_or(name);
    let known = match name {
        "Ip" => "address",
        "Prefix" => "subnet",
        "Span" => "time",
        "Asn" => "AS number",
        "Sha256" => "SHA-256",
        "NamePattern" => "name or pattern",
        "Title" => "name in words",
        "Via" => "router, or list of routers",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

/// Returns the title of an inner table.
fn heading(of: &str) -> String {
    let noun = noun(of);
    let mut letters = noun.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Returns the fields of an object, in the file's order.
fn fields(of: &Value) -> impl Iterator<Item = (&str, &Value)> {
    of["properties"].as_object().into_iter().flat_map(Map::iter).map(|(name, field)| (name.as_str(), field))
}

fn describe(of: &Value) -> String {
    of["description"].as_str().unwrap_or_default().replace('\n', " ")
}

/// Returns the name of the type that a field is of, present or not.
fn reference_of(field: &Value) -> Option<&str> {
    let optional = field["anyOf"].as_array().into_iter().flatten().find_map(|one| one["$ref"].as_str());
    field["$ref"].as_str().or(optional)?.rsplit('/').next()
}

#[cfg(test)]
mod tests;
