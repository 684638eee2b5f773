//! The file's own checks as they are written.

use schemars::JsonSchema;
use serde::Deserialize;

use super::super::{
    Asn, At, Name,
    port::Port,
    values::{Community, Ip, Prefix, Title},
};
use super::RawVia;

/// A check of the lab's own, beside those that follow from the rest of the file: of a prefix (`prefix`, `at`), of a session
/// (`session`), of an answer (`from`, `to`), or of a path (`from`, `to`, `path`).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawCheck {
    /// The name, in words.
    pub name: At<Title>,
    /// A prefix in the BGP table of `at`.
    pub prefix: Option<At<Prefix>>,
    /// The router or node that has the prefix.
    pub at: Option<At<Name>>,
    /// The next hops of the routes that are used: all of them; none for a prefix that must not be there.
    pub next_hops: Option<At<Vec<At<Ip>>>>,
    /// The AS path of each route that is used, nearest first.
    pub as_path: Option<At<Vec<Asn>>>,
    /// The communities that each route that is used has, among others.
    pub communities: Option<At<Vec<At<Community>>>>,
    /// The two ends of a BGP session that is established, first the one that is asked.
    pub session: Option<At<Vec<At<Name>>>>,
    /// The router or node that sends.
    pub from: Option<At<Name>>,
    /// The address that it sends to.
    pub to: Option<At<Ip>>,
    /// The port of a request, by HTTP for TCP. Default: a ping, as always with standalone nodes, which have no application.
    pub port: Option<At<Port>>,
    /// `false` if there must be no answer. Default: true.
    pub answer: Option<At<bool>>,
    /// The routers, and the node, that packets pass one after the other; several with equal routes as a list in the list.
    pub path: Option<At<Vec<At<RawVia>>>>,
}
