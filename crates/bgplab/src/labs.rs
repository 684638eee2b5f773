//! The lab files of `labs/`, for tests.

use camino::Utf8Path;
use labfile::{Lab, Overrides, ProviderName};

/// Returns the lab of a file, from this provider.
pub(crate) fn lab(path: &Utf8Path, provider: ProviderName) -> Lab {
    let overrides = Overrides { provider: Some(provider), ..Overrides::default() };
    Lab::from_file(path, &overrides).unwrap_or_else(|error| panic!("{error}"))
}
