//! Values that are written as texts: read, refused with what was expected, and described in the JSON Schema.

/// A text of the lab file that is not a value of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not {expected}")]
pub struct NotAValue {
    found: String,
    expected: &'static str,
}

/// A value that is written as a text.
pub(crate) trait Text: Sized {
    /// What is expected, as it ends the sentence "`x` is not …".
    const EXPECTED: &'static str;
    /// The regular expression that the JSON Schema gives.
    const PATTERN: &'static str;
    /// The value of a text, or nothing where it is none.
    fn parse(text: &str) -> Option<Self>;
}

/// The value of a text, or what was expected instead.
///
/// # Errors
/// [`NotAValue`], with the text and what was expected.
pub(crate) fn parse<T: Text>(text: &str) -> Result<T, NotAValue> {
    T::parse(text).ok_or_else(|| NotAValue { found: text.to_owned(), expected: T::EXPECTED })
}

/// Makes a type read, written and described as the text that [`Text`] parses.
macro_rules! text {
    ($($name:ident)*) => {$(
        impl std::str::FromStr for $name {
            type Err = $crate::text::NotAValue;
            fn from_str(text: &str) -> Result<Self, $crate::text::NotAValue> {
                $crate::text::parse(text)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::text::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": <$name as $crate::text::Text>::PATTERN })
            }
        }
    )*};
}

pub(crate) use text;
