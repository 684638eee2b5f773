//! Findings for people, for CI systems, and for a document.

mod junit;
mod text;
mod timeline;

pub(crate) use junit::document as junit;
pub(crate) use text::text;
pub(crate) use timeline::svg;

use bgplab::failover::study::Series;

/// Returns the name of a series.
const fn name(series: &Series) -> &'static str {
    if series.bfd { "as configured" } else { "without BFD" }
}
