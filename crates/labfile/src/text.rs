//! Values that are written as text: their reading, their refusal with the expected form, and their JSON Schema.

use std::{fmt, marker::PhantomData};

use serde::de::{self, Visitor};

/// A text that is not a value of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not {expected}")]
pub struct InvalidValue {
    found: String,
    expected: &'static str,
}

/// A value that is written as text.
pub(crate) trait Text: Sized {
    /// The expected form, with an example: it ends the sentence "`x` is not …".
    const EXPECTED: &'static str;
    /// The regular expression that the JSON Schema gives.
    const PATTERN: &'static str;
    /// Parses a text.
    fn parse(text: &str) -> Option<Self>;
}

/// Parses a text, or returns the expected form.
///
/// # Errors
/// [`InvalidValue`], with the text and the expected form.
pub(crate) fn parse<T: Text>(text: &str) -> Result<T, InvalidValue> {
    T::parse(text).ok_or_else(|| InvalidValue { found: text.to_owned(), expected: T::EXPECTED })
}

/// A visitor that reads a value from a text, and refuses anything else with the expected form.
pub(crate) struct Quoted<T>(pub(crate) PhantomData<T>);

impl<T: Text> Visitor<'_> for Quoted<T> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        parse(text).map_err(E::custom)
    }
}

/// Implements reading, writing and the JSON Schema of types whose text [`Text`] parses.
macro_rules! text {
    ($($name:ident)*) => {$(
        impl $name {
            /// Checks a text.
            ///
            /// # Errors
            /// [`InvalidValue`](crate::InvalidValue), with the text and the expected form.
            pub fn new(text: impl Into<String>) -> Result<Self, $crate::text::InvalidValue> {
                $crate::text::parse(&text.into())
            }
        }
        impl TryFrom<String> for $name {
            type Error = $crate::text::InvalidValue;
            fn try_from(text: String) -> Result<Self, $crate::text::InvalidValue> {
                $crate::text::parse(&text)
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::text::InvalidValue;
            fn from_str(text: &str) -> Result<Self, $crate::text::InvalidValue> {
                $crate::text::parse(text)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::text::Quoted(std::marker::PhantomData))
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

/// Shows types as the value that they hold.
macro_rules! shown {
    ($($name:ident)*) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

pub(crate) use {shown, text};
