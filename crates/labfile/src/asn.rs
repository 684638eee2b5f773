//! AS numbers.

use std::{borrow::Cow, fmt};

use frrconf::values;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// An AS number of four octets (RFC 6793), none of the reserved ones (RFC 7607, RFC 7300, and AS_TRANS).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(try_from = "i64", into = "u32")]
pub struct Asn(values::Asn);

/// A number that is not an AS number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not an AS number of a router: 1 to 4294967294, without 23456 and 65535, such as 64500")]
pub struct InvalidAsn(i64);

impl Asn {
    /// Checks a number.
    ///
    /// # Errors
    /// [`InvalidAsn`] for a reserved number, and for one that four octets do not hold.
    pub fn new(number: impl Into<i64>) -> Result<Self, InvalidAsn> {
        let number = number.into();
        let asn = u32::try_from(number).ok().filter(|asn| !matches!(asn, 23_456 | 65_535 | &u32::MAX));
        asn.and_then(|asn| values::Asn::new(asn).ok()).map(Self).ok_or(InvalidAsn(number))
    }

    /// Returns the number.
    pub fn get(self) -> u32 {
        self.0.get()
    }
}

impl TryFrom<i64> for Asn {
    type Error = InvalidAsn;
    fn try_from(number: i64) -> Result<Self, InvalidAsn> {
        Self::new(number)
    }
}

impl From<Asn> for values::Asn {
    fn from(asn: Asn) -> Self {
        asn.0
    }
}

impl From<Asn> for u32 {
    fn from(asn: Asn) -> Self {
        asn.get()
    }
}

impl fmt::Display for Asn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl JsonSchema for Asn {
    fn schema_name() -> Cow<'static, str> {
        "Asn".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "integer", "minimum": 1, "maximum": 4_294_967_294_u32, "not": { "enum": [23_456, 65_535] }
        })
    }
}
