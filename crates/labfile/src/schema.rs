//! The JSON Schema of lab files, for editors.

use crate::raw::RawLab;

/// Returns the JSON Schema (draft 2020-12) of lab files, made from the types that read them.
///
/// ```
/// let schema = labfile::schema();
/// assert!(schema.contains("\"title\": \"Lab file\"") && schema.contains("\"bfd-profile\""));
/// ```
#[must_use]
pub fn schema() -> String {
    format!("{:#}", schemars::schema_for!(RawLab).as_value())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::Value;

    use crate::{DOCUMENTED, tests};

    fn errors(toml: &str) -> Vec<String> {
        let schema: Value = serde_json::from_str(&super::schema()).unwrap();
        let lab: Value = toml::from_str(toml).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        validator.iter_errors(&lab).map(|error| error.to_string()).collect()
    }

    #[test]
    fn the_schema_accepts_every_lab_file() {
        for file in tests::all() {
            assert_eq!(errors(&fs_err::read_to_string(&file).unwrap()), [""; 0], "{file}");
        }
    }

    #[rstest]
    #[case::unknown_field("workers = 2", "wrokers = 2")]
    #[case::unknown_section("[workload]", "[worklaod]")]
    #[case::wrong_type("workers = 2", "workers = \"two\"")]
    #[case::number_out_of_range("detect-multiplier = 3", "detect-multiplier = 1")]
    #[case::asn("asn = 64500            # the nodes'", "asn = 23456 # the nodes'")]
    #[case::unknown_provider("provider = \"kind\"", "provider = \"minikube\"")]
    #[case::name("name = \"kind2\"", "name = \"Kind 2\"")]
    #[case::subnet("\"10.0.2.0/24\"", "\"10.0.2.0\"")]
    #[case::span("\"300ms\"", "\"300\"")]
    #[case::image("frr:9.1.0", "frr")]
    #[case::missing("workers = 2\n", "")]
    fn the_schema_refuses_wrong_values(#[case] old: &str, #[case] new: &str) {
        assert!(DOCUMENTED.contains(old), "{old}");
        assert_ne!(errors(&DOCUMENTED.replacen(old, new, 1)), [""; 0]);
    }

    /// An editor shows the descriptions.
    #[test]
    fn every_field_is_described() {
        let schema: Value = serde_json::from_str(&super::schema()).unwrap();
        let mut objects: Vec<(&str, &Value)> = vec![("lab", &schema)];
        objects.extend(schema["$defs"].as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value)));
        let mut seen = 0;
        for (object, value) in objects {
            for (field, value) in value["properties"].as_object().into_iter().flatten() {
                assert!(value["description"].is_string(), "{object}.{field}");
                seen += 1;
            }
        }
        assert!(seen > 60, "{seen} fields");
    }
}
