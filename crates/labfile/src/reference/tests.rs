use super::*;

/// Every field of every table has a line with an example.
#[test]
fn every_field_has_an_example() {
    let page = reference();
    let without: Vec<&str> = page.lines().filter(|line| line.starts_with("| ") && line.ends_with("|  |")).collect();
    // The fields of a table within have examples of their own.
    let without: Vec<&&str> = without.iter().filter(|line| !line.contains("](#")).collect();
    assert!(without.is_empty(), "{}", without.iter().map(|line| format!("{line}\n")).collect::<String>());
}

/// Every field of the schema is on the page, once for its table.
#[test]
fn every_field_is_there() {
    let page = reference();
    let schema: Value = serde_json::from_str(&crate::schema()).unwrap();
    let tables = schema["$defs"].as_object().unwrap().values().filter(|of| of["type"] == "object");
    let all = tables.flat_map(fields).map(|(name, _)| name).collect::<Vec<_>>();
    assert!(all.len() > 100, "{} fields", all.len());
    let rows = page.lines().filter(|line| line.starts_with("| `") || line.starts_with("| **`")).count();
    let top = fields(&schema).filter(|(_, field)| Page { schema: &schema }.table_of(field).is_none()).count();
    assert_eq!(rows, all.len() + top);
}

#[test]
fn types_have_words() {
    assert_eq!(["RawBfdProfile", "Ip", "KubeProxy"].map(noun), ["bfd profile", "address", "kube proxy"]);
    assert_eq!(heading("RawNeighbor"), "Neighbor");
}
