//! The gateways of a route: one name, or a list.

use std::fmt;

use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer,
    de::{Error, IntoDeserializer, SeqAccess, Visitor},
};

use super::super::{At, Name, Place};

/// One router, or several equal ones.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub enum RawVia {
    /// One router.
    One(Name),
    /// Routers that share the packets equally.
    Several(#[schemars(length(min = 1))] Vec<At<Name>>),
}

impl RawVia {
    /// Returns the routers, each with its place; the place of one alone is that of the whole value.
    pub fn routers(&self, whole: Place) -> impl Iterator<Item = (Place, &Name)> {
        let (one, several) = match self {
            Self::One(name) => (Some((whole, name)), None),
            Self::Several(names) => (None, Some(names.iter().map(|name| (name.place(), &**name)))),
        };
        one.into_iter().chain(several.into_iter().flatten())
    }
}

impl<'de> Deserialize<'de> for RawVia {
    /// Reads either form by hand: an untagged enum would lose the places and the reason of an error.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = RawVia;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a router, or a list of names")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<RawVia, E> {
                Name::deserialize(text.into_deserializer()).map(RawVia::One)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<RawVia, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = list.next_element()? {
                    names.push(name);
                }
                Ok(RawVia::Several(names))
            }
        }
        deserializer.deserialize_any(Either)
    }
}
